import { randomUUID } from 'node:crypto';
import type { ServedAlias, ServingLog } from './serving.log.ts';

/** How often an app says what it answers with, ms: a few times before it would be taken for gone. */
const REPORT_EVERY_MS = 5_000;

/** Says what this process answers with: at once when told to, every few seconds otherwise, and that it ended. Never rejects. */
export class ServingReporter {
  readonly instance = randomUUID();
  #last: Promise<void> = Promise.resolve();
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly log: Pick<ServingLog, 'report' | 'withdraw'>,
    private readonly served: () => readonly ServedAlias[],
    private readonly onFailure: (failure: unknown) => void,
  ) {
    this.#timer = setInterval(() => void this.report(), REPORT_EVERY_MS).unref();
  }

  /** One report after the other: the last one is the newest. */
  report(): Promise<void> {
    return this.#then(() => this.log.report(this.instance, this.served()));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#then(() => this.log.withdraw(this.instance));
  }

  #then(write: () => Promise<void>): Promise<void> {
    return (this.#last = this.#last.then(write).catch(this.onFailure));
  }
}
