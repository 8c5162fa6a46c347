import { roles, type Actor } from '@haat/kit';
import { jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { edgeError } from '../platform.errors.ts';
import { bearerToken } from './bearer.ts';

const ISSUER = 'haat-gateway';
const ALGORITHM = 'HS256';
/** How long a token is good for, in seconds. */
const LIFETIME_SECONDS = 60;
/** How long one token is used again for the same actor and subgraph: each is good for half a minute when it is sent. */
const REUSED_MS = 30_000;
/** How far the clocks of gateway and subgraph may stand apart. */
const CLOCK_TOLERANCE_SECONDS = 5;
const TOKENS_KEPT = 5_000;

const claimsForm = z.object({
  sub: z.string().min(1),
  role: z.enum(roles),
  scopes: z.array(z.string()),
  origin: z.string(),
});

const keyOf = (secret: string) => new TextEncoder().encode(secret);

/** Says to a subgraph for whom the gateway asks. One token serves one actor and one audience for a short time. */
export class InternalTokenSigner {
  readonly #key: Uint8Array;
  readonly #tokens = new LRUCache<string, Promise<string>>({ max: TOKENS_KEPT, ttl: REUSED_MS, perf: Date });

  constructor(secret: string) {
    this.#key = keyOf(secret);
  }

  /** A token of `actor` for `audience`, the name of a subgraph; at least 30 s of its minute are left. */
  sign(actor: Actor, audience: string): Promise<string> {
    const { subject, role, scopes, origin } = actor;
    const name = JSON.stringify([audience, subject, role, scopes, origin]);
    const known = this.#tokens.get(name);
    if (known !== undefined) return known;
    const token = new SignJWT({ role, scopes, origin })
      .setProtectedHeader({ alg: ALGORITHM })
      .setIssuer(ISSUER)
      .setAudience(audience)
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime(`${LIFETIME_SECONDS}s`)
      .sign(this.#key);
    this.#tokens.set(name, token);
    return token;
  }
}

/** Lets in what the gateway sends to this subgraph, and nothing else. */
export class InternalTokenVerifier {
  readonly #key: Uint8Array;

  /** `audience` is the name of the subgraph; `secret` is shared with the gateway. */
  constructor(
    private readonly audience: string,
    secret: string,
  ) {
    this.#key = keyOf(secret);
  }

  /**
   * The actor of an `Authorization` header.
   * @throws UNAUTHENTICATED; why is not told, since the gateway never has to be told
   */
  async actor(authorization: string | undefined): Promise<Actor> {
    const token = bearerToken(authorization);
    if (token === undefined) throw unauthenticated(undefined);
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: this.audience,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp', 'sub'],
      });
      const { sub: subject, role, scopes, origin } = claimsForm.parse(payload);
      return { subject, role, scopes, origin };
    } catch (cause) {
      throw unauthenticated(cause);
    }
  }
}

function unauthenticated(cause: unknown): Error {
  return edgeError('UNAUTHENTICATED', 'This answers the gateway only: ask the gateway', {}, cause);
}
