import { domains, subgraphUrlVariable } from '@haat/kit';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { internalTokenSecret } from '@haat/platform/testing';

export const issuer = 'https://login.test';
const keys = await generateKeyPair('EdDSA', { extractable: true });

/** The public key that gateways of tests take. */
export const publicJwk = { ...(await exportJWK(keys.publicKey)), alg: 'EdDSA', kid: 'test' };

/** What every gateway of a test needs beside the addresses of its subgraphs. */
export const gatewayEnv = {
  ...Object.fromEntries(domains.map((domain) => [subgraphUrlVariable(domain), 'http://127.0.0.1:1'])),
  PORT: '0',
  INTERNAL_TOKEN_SECRET: internalTokenSecret,
  JWT_ISSUER: issuer,
  JWT_PUBLIC_JWK: JSON.stringify(publicJwk),
};

/** Claims of an administrator that is good for a minute; `changed` goes over them, undefined takes one away. */
export function claims(changed: JWTPayload = {}): JWTPayload {
  const now = Math.floor(Date.now() / 1_000);
  return {
    iss: issuer,
    aud: 'haat',
    sub: 'asha',
    role: 'admin',
    scopes: ['*'],
    iat: now,
    exp: now + 60,
    ...changed,
  };
}

/** A token of those claims, signed by the issuer or by another key. */
export function signed(changed: JWTPayload = {}, key = keys.privateKey): Promise<string> {
  return new SignJWT(claims(changed)).setProtectedHeader({ alg: 'EdDSA', kid: 'test' }).sign(key);
}
