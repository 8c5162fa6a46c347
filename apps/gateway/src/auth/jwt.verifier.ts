import { roles } from '@haat/kit';
import { edgeError, type Logger } from '@haat/platform';
import { createRemoteJWKSet, errors, importJWK, jwtVerify, type JWK, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { Identity } from './identity.ts';

export interface JwtOptions {
  readonly issuer: string;
  readonly audience: string;
  /** Where the issuer publishes its keys, or its one public key. */
  readonly keys: URL | JWK;
}

/** Signatures by a public key only: a shared secret or none at all is never one. */
const algorithms = ['EdDSA', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'];
const CLOCK_TOLERANCE_SECONDS = 5;

const claimsForm = z.object({
  sub: z.string().min(1).max(200),
  exp: z.number(),
  role: z.enum(roles),
  scopes: z.array(z.string().regex(/^(\*|[a-z][a-z0-9-]{0,62})$/)).max(50),
});

/** Reads JWTs of people and services: signature, issuer, audience, expiry, and the claims `sub`, `role`, `scopes`. */
export class JwtVerifier {
  readonly #key: JWTVerifyGetKey;

  constructor(
    private readonly options: JwtOptions,
    private readonly logger: Logger,
  ) {
    const { keys } = options;
    if (keys instanceof URL) this.#key = createRemoteJWKSet(keys);
    else {
      let imported: ReturnType<typeof importJWK> | undefined;
      this.#key = () => (imported ??= importJWK(keys));
    }
  }

  /** @throws UNAUTHENTICATED; SERVICE_UNAVAILABLE where the issuer's keys cannot be had */
  async identity(token: string): Promise<Identity> {
    const { issuer, audience } = this.options;
    let claims: unknown;
    try {
      const verified = await jwtVerify(token, this.#key, {
        algorithms,
        issuer,
        audience,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['sub', 'exp'],
      });
      claims = verified.payload;
    } catch (reason) {
      throw this.#refusal(reason);
    }
    const read = claimsForm.safeParse(claims);
    if (!read.success) {
      const { path, message } = read.error.issues[0]!;
      throw edgeError('UNAUTHENTICATED', `The token's claim "${path.join('.')}" is wrong: ${message}`);
    }
    const { sub, role, scopes, exp } = read.data;
    return { subject: `user:${sub}`, role, scopes, expiresAt: new Date(exp * 1_000) };
  }

  /** What helps an honest caller; why a signature is not good is told to nobody. */
  #refusal(reason: unknown): Error {
    if (reason instanceof errors.JWTExpired) return unauthenticated('The token has expired: get a new one', reason);
    if (reason instanceof errors.JWTClaimValidationFailed) {
      const { issuer, audience } = this.options;
      const what = `expected the issuer "${issuer}", the audience "${audience}", a subject and an expiry`;
      return unauthenticated(`The token's claim "${reason.claim}" is not what this gateway takes: ${what}`, reason);
    }
    if (isKeyTrouble(reason)) {
      this.logger.error({ err: reason }, 'the keys of the issuer of tokens cannot be had');
      return edgeError('SERVICE_UNAVAILABLE', 'Tokens cannot be checked at the moment; ask again', {}, reason);
    }
    return unauthenticated('The token is not good here: send one that the issuer of this gateway signed', reason);
  }
}

function unauthenticated(message: string, cause: unknown): Error {
  return edgeError('UNAUTHENTICATED', message, {}, cause);
}

/** The address of the keys does not answer, or with something else. */
function isKeyTrouble(reason: unknown): boolean {
  if (reason instanceof errors.JWKSTimeout || reason instanceof errors.JWKSInvalid) return true;
  if (reason instanceof errors.JOSEError) return reason.code === 'ERR_JOSE_GENERIC';
  return reason instanceof TypeError && reason.message === 'fetch failed';
}
