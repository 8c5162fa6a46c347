import { isDomainError } from '@haat/kit';
import { edgeError, type Logger } from '@haat/platform';
import { connectTemporal, type Temporal, type TemporalOptions } from '@haat/workflows/client';

/** The way to Temporal. Connects when it is first needed: reading from the database needs none. */
export class TemporalLink {
  #temporal: Promise<Temporal> | undefined;

  constructor(
    private readonly options: TemporalOptions,
    private readonly logger: Logger,
  ) {}

  /** Asks Temporal. A server that does not answer is told without its address. @throws SERVICE_UNAVAILABLE */
  async ask<T>(question: (temporal: Temporal) => Promise<T>): Promise<T> {
    try {
      return await question(await this.#connected());
    } catch (reason) {
      if (!isDomainError(reason) || reason.code !== 'TEMPORAL_UNREACHABLE') throw reason;
      this.logger.warn({ err: reason }, 'Temporal does not answer');
      throw edgeError('SERVICE_UNAVAILABLE', 'The server of runs does not answer at the moment; ask again');
    }
  }

  async close(): Promise<void> {
    await (await this.#temporal?.catch(() => undefined))?.close();
  }

  #connected(): Promise<Temporal> {
    const connecting = (this.#temporal ??= connectTemporal(this.options));
    connecting.catch(() => (this.#temporal = undefined));
    return connecting;
  }
}
