import { isDomainError } from '@haat/kit';
import { edgeError, type Logger } from '@haat/platform';
import { connectTemporal, type Temporal, type TemporalOptions } from '@haat/workflows/client';

/** What keeps us from Temporal, and is nobody's business but the operator's. */
const kept = new Set(['TEMPORAL_UNREACHABLE', 'TEMPORAL_TLS_REFUSED']);

/** The app's connection to Temporal, made when it is first needed: reading needs none. */
export class TemporalLink {
  #temporal: Promise<Temporal> | undefined;

  constructor(
    private readonly options: TemporalOptions,
    private readonly logger: Logger,
  ) {}

  /** Asks Temporal. A server that does not answer is told without its address. @throws SERVICE_UNAVAILABLE */
  async ask<T>(question: (temporal: Temporal) => Promise<T>): Promise<T> {
    try {
      return await question(await this.connected());
    } catch (reason) {
      if (!isDomainError(reason) || !kept.has(reason.code)) throw reason;
      this.logger.warn({ err: reason }, 'Temporal does not answer');
      throw edgeError('SERVICE_UNAVAILABLE', 'The server of runs does not answer at the moment; ask again');
    }
  }

  async close(): Promise<void> {
    await (await this.#temporal?.catch(() => undefined))?.close();
  }

  private connected(): Promise<Temporal> {
    const connecting = (this.#temporal ??= connectTemporal(this.options));
    return connecting.catch((reason: unknown) => {
      this.#temporal = undefined;
      throw reason;
    });
  }
}
