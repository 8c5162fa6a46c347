import type { IncomingHttpHeaders } from 'node:http';
import { isDomainError, type Actor } from '@haat/kit';
import { edgeError } from '@haat/platform';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { credentialsOf, type Credentials } from './credentials.ts';
import type { Identity } from './identity.ts';

/** Answers whom credentials of one kind stand for. @throws UNAUTHENTICATED, SERVICE_UNAVAILABLE */
export interface IdentitySource {
  identity(text: string): Promise<Identity>;
}

export interface AdmissionOptions {
  readonly token: IdentitySource;
  readonly key: IdentitySource;
  /** How long an answer about credentials is believed, good or bad: a revoked key is dead within this time. */
  readonly believedMs: number;
  /** Requests a minute of one subject (an API key is one). */
  readonly requestsPerMinute: number;
}

/** Somebody who was let in. */
export interface Admitted {
  readonly actor: Actor;
  /**
   * Asks again, for what goes on for long, whether the credentials are good for the same still: until when at the most.
   * @throws UNAUTHENTICATED, FORBIDDEN where they are good for something else now, SERVICE_UNAVAILABLE
   */
  recheck(): Promise<Date>;
}

type Answer = { readonly identity: Identity } | { readonly refusal: Error };

const CREDENTIALS_KEPT = 10_000;

/** Says of each request who asks, and lets in nobody too often. One process knows of its own requests only. */
export class Admission {
  readonly #answers: LRUCache<string, Promise<Answer>>;
  readonly #limiter: RateLimiterMemory;

  constructor(private readonly options: AdmissionOptions) {
    this.#answers = new LRUCache({ max: CREDENTIALS_KEPT, ttl: options.believedMs, perf: Date });
    this.#limiter = new RateLimiterMemory({ points: options.requestsPerMinute, duration: 60 });
  }

  /**
   * Who sends a request from `origin`, counted as one more of theirs.
   * @throws UNAUTHENTICATED, RATE_LIMITED, SERVICE_UNAVAILABLE
   */
  async admit(headers: IncomingHttpHeaders, origin: string): Promise<Admitted> {
    const credentials = credentialsOf(headers);
    const first = await this.#identity(credentials);
    const { subject, role, scopes } = first;
    await this.#count(subject);
    const recheck = async () => {
      const now = await this.#identity(credentials);
      if (!sameRights(first, now)) throw edgeError('FORBIDDEN', 'What you may do has changed meanwhile: ask again');
      return now.expiresAt;
    };
    return { actor: { subject, role, scopes, origin }, recheck };
  }

  async #identity(credentials: Credentials): Promise<Identity> {
    const answer = await this.#answer(credentials);
    if ('refusal' in answer) throw answer.refusal;
    if (answer.identity.expiresAt.getTime() <= Date.now()) throw expired();
    return answer.identity;
  }

  /** Asked once for requests that come at once; what is nobody's fault is not believed at all. */
  #answer({ kind, text }: Credentials): Promise<Answer> {
    const known = this.#answers.get(text);
    if (known !== undefined) return known;
    const answer = this.options[kind].identity(text).then(
      (identity) => ({ identity }),
      (reason: unknown) => {
        if (isDomainError(reason) && reason.code === 'UNAUTHENTICATED') return { refusal: reason };
        this.#answers.delete(text);
        throw reason;
      },
    );
    this.#answers.set(text, answer);
    return answer;
  }

  async #count(subject: string): Promise<void> {
    try {
      await this.#limiter.consume(subject);
    } catch (limit) {
      if (!(limit instanceof RateLimiterRes)) throw limit;
      const retryAfterSeconds = Math.max(1, Math.ceil(limit.msBeforeNext / 1_000));
      const { requestsPerMinute } = this.options;
      throw edgeError(
        'RATE_LIMITED',
        `${subject} may ask ${requestsPerMinute} times a minute; ask again in ${retryAfterSeconds} s`,
        { requestsPerMinute, retryAfterSeconds },
      );
    }
  }
}

function sameRights(one: Identity, other: Identity): boolean {
  const rights = ({ subject, role, scopes }: Identity) => JSON.stringify([subject, role, scopes.toSorted()]);
  return rights(one) === rights(other);
}

function expired(): Error {
  return edgeError('UNAUTHENTICATED', 'The token or key has expired: get a new one');
}
