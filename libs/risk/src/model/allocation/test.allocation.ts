import type { TestKind } from '../../contract/index.ts';
import { positiveGiven } from '../evidence/trace.evidence.ts';
import type { TrajectorySamples } from './trajectory.samples.ts';

/** One person to test. */
export interface AllocatedTest {
  readonly person: number;
  /** P(positive). */
  readonly positive: number;
  /** Infections at first hand that this test is expected to avert, beside those that the tests before it avert. */
  readonly averted: number;
  /** What its result alone is expected to tell of the person's own trajectory: their mutual information, nat. */
  readonly information: number;
}

export interface AllocationQuestion {
  readonly samples: TrajectorySamples;
  /** [samples, persons]: what keeping a person apart averts; see `onwardInfections`. */
  readonly onward: Float64Array;
  readonly kind: TestKind;
  /** Tests to give. */
  readonly capacity: number;
  /** Who, besides the person, is kept apart when its test is positive, as its household. */
  readonly circle: (person: number) => readonly number[];
  /** Who may be tested; null: everybody. */
  readonly eligible: ((person: number) => boolean) | null;
}

/**
 * Whom to test today so that the most infections are averted. A positive test keeps a person and its circle apart; whoever is kept apart by two tests counts once. With
 * q the probability of a positive result in a sample and r what keeping somebody apart averts in it, the worth of a set of tests is the mean over
 * samples of sum_u r_u (1 - prod over tests i whose circle holds u of (1 - q_i)): monotone and submodular, so that the greedy choice has at least 1 - 1/e of
 * the best one's worth (Nemhauser, Wolsey, Fisher, Math. Programming 14, 1978), and one test is the best one. Gains only fall, so that old
 * ones are bounds and few are computed again (Minoux, 1978).
 *
 * Fewer than `capacity` where nothing more can be averted; ties go to the smaller number. O(samples * persons * circle) and a little more.
 */
export function testAllocation(question: AllocationQuestion): readonly AllocatedTest[] {
  const { samples, capacity, circle, eligible } = question;
  const worth = new SetWorth(question);
  const bounds = Array.from({ length: samples.persons }, (_, person) => person)
    .filter((person) => eligible?.(person) ?? true)
    .map((person) => ({ person, circle: [...new Set([person, ...circle(person)])], gain: 0 }));
  for (const bound of bounds) bound.gain = worth.gain(bound.person, bound.circle);
  const waiting = bounds.filter(({ gain }) => gain > 0).sort(byGain);
  const chosen: AllocatedTest[] = [];
  while (chosen.length < capacity && waiting.length > 0) {
    const [first, second] = waiting as [(typeof waiting)[number], (typeof waiting)[number]?];
    const gain = worth.gain(first.person, first.circle);
    if (second === undefined || gain > second.gain || (gain === second.gain && first.person < second.person)) {
      waiting.shift();
      if (gain <= 0) continue;
      worth.take(first.person, first.circle);
      chosen.push({ person: first.person, averted: gain, ...worth.result(first.person) });
    } else {
      first.gain = gain;
      waiting.shift();
      waiting.splice(placeOf(first, waiting), 0, first);
    }
  }
  return chosen;
}

interface Bound {
  readonly person: number;
  readonly gain: number;
}

function byGain(a: Bound, b: Bound): number {
  return b.gain - a.gain || a.person - b.person;
}

/** Where a bound belongs among sorted ones. */
function placeOf(bound: Bound, sorted: readonly Bound[]): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byGain(sorted[middle]!, bound) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What a growing set of tests is worth. */
class SetWorth {
  readonly #question: AllocationQuestion;
  /** [samples, persons]: P(the tests taken so far leave a person free). */
  readonly #free: Float64Array;

  constructor(question: AllocationQuestion) {
    this.#question = question;
    this.#free = new Float64Array(question.onward.length).fill(1);
  }

  /** What one more test adds. */
  gain(person: number, circle: readonly number[]): number {
    const { samples, onward } = this.#question;
    let sum = 0;
    for (let sample = 0; sample < samples.samples; sample++) {
      const at = sample * samples.persons;
      let kept = 0;
      for (const member of circle) kept += onward[at + member]! * this.#free[at + member]!;
      if (kept > 0) sum += kept * this.#positiveIn(sample, person);
    }
    return sum / samples.samples;
  }

  take(person: number, circle: readonly number[]): void {
    const { samples } = this.#question;
    for (let sample = 0; sample < samples.samples; sample++) {
      const negative = 1 - this.#positiveIn(sample, person);
      for (const member of circle) this.#free[sample * samples.persons + member]! *= negative;
    }
  }

  /** What is expected of the result of one test, over all samples. */
  result(person: number): Pick<AllocatedTest, 'positive' | 'information'> {
    const { samples } = this.#question.samples;
    let [positive, known] = [0, 0];
    for (let sample = 0; sample < samples; sample++) {
      const p = this.#positiveIn(sample, person);
      positive += p / samples;
      known += entropy(p) / samples;
    }
    return { positive, information: Math.max(0, entropy(positive) - known) };
  }

  #positiveIn(sample: number, person: number): number {
    const { samples, kind } = this.#question;
    const at = sample * samples.persons + person;
    const exposed = samples.exposed[at]!;
    const trace = { exposed, infected: exposed, infectious: samples.infectious[at]!, removed: samples.removed[at]! };
    return positiveGiven(kind, trace, samples.days - 1);
  }
}

/** Of a result that is positive with probability p, nat. */
function entropy(p: number): number {
  return p > 0 && p < 1 ? -p * Math.log(p) - (1 - p) * Math.log1p(-p) : 0;
}
