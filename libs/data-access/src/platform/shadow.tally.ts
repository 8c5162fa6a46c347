import type { ShadowDifferences, ShadowLog } from './shadow.log.ts';

/** How often what was counted is written, ms. */
const WRITE_EVERY_MS = 10_000;

/**
 * Adds up how shadows differ and writes it now and then; what could not be written is written with the next. At most one
 * interval's counts are lost when the process dies, and counted twice when the answer to a write is lost.
 */
export class ShadowTally {
  #counted = new Map<string, ShadowDifferences>();
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly log: Pick<ShadowLog, 'add'>,
    private readonly onFailure: (failure: unknown) => void,
    private readonly clock: () => Date = () => new Date(),
  ) {
    this.#timer = setInterval(() => void this.write(), WRITE_EVERY_MS).unref();
  }

  add(differences: ShadowDifferences): void {
    const key = `${differences.model} ${differences.champion} ${differences.shadow}`;
    const before = this.#counted.get(key);
    this.#counted.set(key, before === undefined ? differences : sumOf(before, differences));
  }

  /** Writes what was counted since the last time. Never rejects. */
  async write(): Promise<void> {
    const counted = [...this.#counted.values()];
    this.#counted = new Map();
    try {
      await this.log.add(counted, this.clock());
    } catch (failure) {
      for (const differences of counted) this.add(differences);
      this.onFailure(failure);
    }
  }

  /** Writes the rest. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.write();
  }
}

function sumOf(a: ShadowDifferences, b: ShadowDifferences): ShadowDifferences {
  return {
    ...a,
    rows: a.rows + b.rows,
    differing: a.differing + b.differing,
    dropped: a.dropped + b.dropped,
    failed: a.failed + b.failed,
    largest: Math.max(a.largest, b.largest),
  };
}
