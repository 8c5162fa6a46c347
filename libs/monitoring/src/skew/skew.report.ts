import type { Replay, ValueDifference } from '@haat/kit';
import type { SkewReport, ValueSkew } from '@haat/workflows';

const examplesKept = 3;
const featuresKept = 50;
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

  #note(feature: string, id: string, differences: readonly ValueDifference[]): void {
    const known = this.#skew.get(feature) ?? { differing: 0, largest: 0, examples: [] };
    const [{ recorded, replayed }] = differences as [ValueDifference];
    const example = { id, recorded: text(recorded), replayed: text(replayed) };
    this.#skew.set(feature, {
      differing: known.differing + 1,
      largest: Math.max(known.largest, ...differences.map(({ difference }) => difference ?? 0)),
      examples: known.examples.length < examplesKept ? [...known.examples, example] : known.examples,
    });
  }
}

/** `probability[3]` -> `probability`. */
const featureOf = (path: string) => /^[^[.]*/.exec(path)![0];

function namesIn(recorded: unknown): string[] {
  return typeof recorded === 'object' && recorded !== null ? Object.keys(recorded) : [];
}

function text(value: unknown): string {
  return JSON.stringify(value).slice(0, exampleLength);
}
