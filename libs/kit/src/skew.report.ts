import type { Replay, ValueDifference } from './replay.ts';

/** How one recorded value came out over a sample. */
export interface ValueSkew {
  /** The fact or the output: `weight_g`, `probability[3]`. */
  readonly feature: string;
  readonly differing: number;
  /** Of two numbers, the largest; 0 where only text differs. */
  readonly largest: number;
  /** A few answers, with what was recorded and what came out, as JSON. */
  readonly examples: readonly { readonly id: string; readonly recorded: string; readonly replayed: string }[];
}

export interface SkewReport {
  /** Answers that were recomputed; of an inference, persons. */
  readonly rows: number;
  /** Those of them with any difference. */
  readonly differing: number;
  /** The features that differ anywhere, the most frequent first; ends after the first fifty. */
  readonly skew: readonly ValueSkew[];
  /** Share of the rows that differ by feature, of every feature that was compared. */
  readonly shares: Readonly<Record<string, number>>;
}

const examplesKept = 3;
const featuresKept = 50;
const featuresTold = 5;
const exampleLength = 120;

/** Collects replays, batch by batch, into the skew of each recorded value. */
export class SkewTally {
  #rows = 0;
  #differing = 0;
  readonly #compared = new Set<string>();
  readonly #skew = new Map<string, { differing: number; largest: number; examples: ValueSkew['examples'] }>();

  /** `recorded[k]` is what `replays[k]` recomputed. */
  add(recorded: readonly { readonly input: unknown; readonly output: unknown }[], replays: readonly Replay[]): void {
    for (const { input, output } of recorded)
      for (const name of [...namesIn(input), ...namesIn(output)]) this.#compared.add(name);
    this.addDiffering(replays);
  }

  /** Rows that came out the same, whose values go by these names. */
  addSame(rows: number, names: readonly string[]): void {
    this.#rows += rows;
    for (const name of names) this.#compared.add(name);
  }

  /** Replays whose values are compared already, or differ. */
  addDiffering(replays: readonly Replay[]): void {
    for (const { id, same, inputs, outputs } of replays) {
      this.#rows += 1;
      if (same) continue;
      this.#differing += 1;
      // A list that came out longer or shorter differs once, and so does one in which several entries differ.
      const byFeature = Map.groupBy([...inputs, ...outputs], ({ path }) => featureOf(path));
      for (const [feature, differences] of byFeature) this.#note(feature, id, differences);
    }
  }

  report(): SkewReport {
    const skew = [...this.#skew]
      .map(([feature, found]) => ({ feature, ...found }))
      .sort((a, b) => b.differing - a.differing || (a.feature < b.feature ? -1 : 1));
    const share = (feature: string) => (this.#skew.get(feature)?.differing ?? 0) / Math.max(1, this.#rows);
    return {
      rows: this.#rows,
      differing: this.#differing,
      skew: skew.slice(0, featuresKept),
      shares: Object.fromEntries([...this.#compared].sort().map((feature) => [feature, share(feature)])),
    };
  }

  /** What another tally came to. */
  addReport({ rows, differing, skew, shares }: SkewReport): void {
    this.addSame(rows, Object.keys(shares));
    this.#differing += differing;
    for (const one of skew) this.#count(one);
  }

  #note(feature: string, id: string, differences: readonly ValueDifference[]): void {
    const [{ recorded, replayed }] = differences as [ValueDifference];
    const largest = Math.max(...differences.map(({ difference }) => difference ?? 0));
    this.#compared.add(feature);
    const examples = [{ id, recorded: text(recorded), replayed: text(replayed) }];
    this.#count({ feature, differing: 1, largest, examples });
  }

  #count({ feature, differing, largest, examples }: ValueSkew): void {
    const known = this.#skew.get(feature) ?? { differing: 0, largest: 0, examples: [] };
    this.#skew.set(feature, {
      differing: known.differing + differing,
      largest: Math.max(known.largest, largest),
      examples: [...known.examples, ...examples].slice(0, examplesKept),
    });
  }
}

/** The features of a report that differ, for people: the most frequent five, with an example of each; `of` says what its id names. */
export function skewText({ skew }: Pick<SkewReport, 'skew'>, of: string): string {
  return skew
    .slice(0, featuresTold)
    .map(({ feature, differing, largest, examples: [example] }) => {
      const { id, recorded, replayed } = example!;
      return `${feature} in ${differing} (by up to ${largest}; ${of} ${id}: ${recorded} was served, ${replayed} comes out)`;
    })
    .join('; ');
}

/** `probability[3]` -> `probability`. */
const featureOf = (path: string) => /^[^[.]*/.exec(path)![0];

function namesIn(recorded: unknown): string[] {
  return typeof recorded === 'object' && recorded !== null ? Object.keys(recorded) : [];
}

function text(value: unknown): string {
  return JSON.stringify(value).slice(0, exampleLength);
}
