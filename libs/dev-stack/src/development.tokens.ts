import { generateKeyPairSync } from 'node:crypto';

import { importJWK, SignJWT, type JWK } from 'jose';

import type { Home } from './home.layout.ts';
import { readSecrets, secretOf } from './stack.secrets.ts';

/** Issuer of the tokens of a stack on one machine. */
export const DEVELOPMENT_ISSUER = 'haat-development';
export const DEVELOPMENT_AUDIENCE = 'haat';
const KEY = 'development-token-key';

/** What gateway and subgraphs of one stack sign and check with, so that they believe one another. */
export function internalTokenSecret(home: Home): string {
  return secretOf(home, 'internal-token');
}

/** The public key of the stack's own tokens, a JSON Web Key; the private one is made where it is missing, and stays. */
export function developmentPublicJwk(home: Home): string {
  const text = secretOf(home, KEY, () =>
    JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })),
  );
  const { kty, crv, x } = JSON.parse(text) as JWK;
  return JSON.stringify({ kty, crv, x, alg: 'EdDSA' });
}

/** A token of the stack's administrator, good for `seconds`; null where the state folder holds no key. */
export async function developmentToken(home: Home, seconds: number): Promise<string | null> {
  const key = readSecrets(home)[KEY];
  if (key === undefined) return null;
  return new SignJWT({ role: 'admin', scopes: ['*'] })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setIssuer(DEVELOPMENT_ISSUER)
    .setAudience(DEVELOPMENT_AUDIENCE)
    .setSubject('local')
    .setIssuedAt()
    .setExpirationTime(`${seconds}s`)
    .sign(await importJWK(JSON.parse(key) as JWK, 'EdDSA'));
}
