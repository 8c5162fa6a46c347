import { isDeepStrictEqual } from 'node:util';

import type { Database } from '../database/database.connection.ts';
import { listenFor } from '../database/database.notices.ts';
import type { RunRecord } from './platform.records.ts';
import { RunLog } from './run.log.ts';

/** The channel on which a change of a run is told; the payload is the run's id. */
const RUN_CHANNEL = 'haat_run';

export interface RunFeedOptions {
  /** How often a run that is followed is looked at, should a notice be lost. */
  readonly pollMs?: number;
  /** How long to wait before a lost connection is opened anew. */
  readonly reconnectMs?: number;
}

/**
 * Runs as they change. The database tells of changes on one connection for all who follow, open while somebody does; a slow
 * look at the row finds what a lost connection did not tell.
 */
export class RunFeed {
  readonly #log: RunLog;
  readonly #wakers = new Map<string, Set<() => void>>();
  readonly #pollMs: number;
  readonly #reconnectMs: number;
  #stopListening: (() => Promise<void>) | undefined;

  constructor(
    private readonly database: Database,
    { pollMs = 5_000, reconnectMs = 1_000 }: RunFeedOptions = {},
  ) {
    this.#log = new RunLog(database);
    this.#pollMs = pollMs;
    this.#reconnectMs = reconnectMs;
  }

  /** How many follow a run now. */
  get followers(): number {
    return [...this.#wakers.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * The run as it is, then as it is after every change (changes in quick succession are one), until it has ended; only a run of
   * one of `domains`, where these are given. Whoever stops taking is forgotten at once. A database that is away for a while is
   * waited for.
   * @throws UNKNOWN_RUN
   */
  async follow(id: string, domains?: readonly string[]): Promise<AsyncIterableIterator<RunRecord>> {
    const left = new AbortController();
    const changes = this.#changes(id, left.signal);
    let first: RunRecord;
    try {
      first = await this.#log.read(id, domains);
    } catch (failure) {
      changes.stop();
      throw failure;
    }
    const looks = this.#looks(first, changes, left.signal);
    const followed: AsyncIterableIterator<RunRecord> = {
      [Symbol.asyncIterator]: () => followed,
      next: () => looks.next(),
      async return() {
        left.abort();
        changes.stop();
        await looks.return(undefined);
        return { done: true, value: undefined };
      },
    };
    return followed;
  }

  async close(): Promise<void> {
    const stop = this.#stopListening;
    this.#stopListening = undefined;
    await stop?.();
  }

  async *#looks(first: RunRecord, changes: Changes, left: AbortSignal): AsyncGenerator<RunRecord, undefined> {
    try {
      for (let last = first; ;) {
        yield last;
        if (last.finishedAt !== null) return;
        let next: RunRecord | null = null;
        while (next === null) {
          await changes.next();
          if (left.aborted) return;
          const read = await this.#log.read(first.id).catch(() => null);
          if (read !== null && !isDeepStrictEqual(read, last)) next = read;
        }
        last = next;
      }
    } finally {
      changes.stop();
    }
  }

  /** Word of changes of one run. A change between two calls of `next` is not lost: the second answers at once. */
  #changes(id: string, left: AbortSignal): Changes {
    let changed = false;
    let wake: (() => void) | undefined;
    const tell = () => {
      changed = true;
      wake?.();
    };
    const wakers = this.#wakers.get(id) ?? new Set();
    this.#wakers.set(id, wakers.add(tell));
    const poll = setInterval(tell, this.#pollMs).unref();
    left.addEventListener('abort', tell, { once: true });
    this.#stopListening ??= listenFor(
      this.database,
      RUN_CHANNEL,
      {
        onNotice: (run) => this.#tell(run),
        onListening: () => [...this.#wakers.keys()].forEach((run) => this.#tell(run)),
      },
      this.#reconnectMs,
    );
    return {
      async next() {
        if (!changed) await new Promise<void>((resolve) => (wake = resolve));
        changed = false;
      },
      stop: () => {
        clearInterval(poll);
        wakers.delete(tell);
        if (wakers.size > 0 || this.#wakers.get(id) !== wakers) return;
        this.#wakers.delete(id);
        if (this.#wakers.size === 0) void this.close();
      },
    };
  }

  #tell(id: string): void {
    this.#wakers.get(id)?.forEach((tell) => tell());
  }
}

interface Changes {
  next(): Promise<void>;
  stop(): void;
}
