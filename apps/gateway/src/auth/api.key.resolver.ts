import { createHash } from 'node:crypto';
import { apiKeyParts, roles, type Actor } from '@haat/kit';
import { apiKeyAudience, apiKeyPath, edgeError, type InternalTokenSigner, type Logger } from '@haat/platform';
import { z } from 'zod';
import type { Identity } from './identity.ts';

/** As whom the gateway itself asks. */
const gateway: Actor = { subject: 'system:gateway', role: 'reader', scopes: [], origin: 'gateway' };
const TIMEOUT_MS = 5_000;

const answerForm = z.object({
  actor: z.object({ subject: z.string(), role: z.enum(roles), scopes: z.array(z.string()) }).nullable(),
  expiresAt: z.coerce.date().nullable(),
});

/** Asks the platform whom an API key stands for; the secret itself stays here, its digest is sent. */
export class ApiKeyResolver {
  constructor(
    private readonly platformUrl: string,
    private readonly signer: InternalTokenSigner,
    private readonly logger: Logger,
  ) {}

  /** @throws UNAUTHENTICATED; SERVICE_UNAVAILABLE where the platform does not answer */
  async identity(key: string): Promise<Identity> {
    const parts = apiKeyParts(key);
    if (parts === null) throw notGood('no API key has that form: haat_<id>_<secret>, whole and unchanged');
    const { actor, expiresAt } = await this.#ask(parts.id, createHash('sha256').update(parts.secret).digest('hex'));
    if (actor === null || expiresAt === null) throw notGood('it is not known, or it has expired or was revoked');
    return { ...actor, expiresAt };
  }

  async #ask(id: string, secretHash: string): Promise<z.output<typeof answerForm>> {
    try {
      const response = await fetch(new URL(apiKeyPath, this.platformUrl), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await this.signer.sign(gateway, apiKeyAudience)}`,
        },
        body: JSON.stringify({ id, secretHash }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!response.ok) throw new Error(`the platform answers ${response.status} to the question for a key`);
      return answerForm.parse(await response.json());
    } catch (err) {
      this.logger.warn({ err }, 'the platform does not say whom an API key stands for');
      throw edgeError('SERVICE_UNAVAILABLE', 'API keys cannot be checked at the moment; ask again', {}, err);
    }
  }
}

function notGood(why: string): Error {
  return edgeError('UNAUTHENTICATED', `The API key is not good: ${why}`);
}
