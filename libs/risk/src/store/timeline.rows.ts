import type { RiskPosterior } from '../contract/index.ts';
import { rounded } from './six.digits.ts';

/** What is said of persons, in memory. */
export type Answer = Pick<RiskPosterior, 'timeline' | 'agreement'>;

export interface TimelineRow {
  readonly person_id: string;
  readonly risk: number;
  readonly exposed: number[];
  readonly infectious: number[];
  readonly removed: number[];
  readonly error: number[];
  readonly r_hat: number;
  readonly effective_samples: number;
}

/** What is kept of each person. */
export const keptValues = ['risk', 'exposed', 'infectious', 'removed', 'error', 'r_hat', 'effective_samples'] as const;
export const timelineColumns = keptValues.join(', ');

/** What is kept of one person, in six digits. */
export function timelineOf(
  days: number,
  { timeline, agreement }: Answer,
  person: number,
): Omit<TimelineRow, 'person_id'> {
  const { probability, error } = timeline(person);
  const [exposed, infectious, removed, wrong]: number[][] = [[], [], [], []];
  for (let day = 0; day < days; day++) {
    const at = day * 4;
    exposed!.push(rounded(probability[at + 1]!));
    infectious!.push(rounded(probability[at + 2]!));
    removed!.push(rounded(probability[at + 3]!));
    // E and I exclude one another: their errors add up at the most.
    wrong!.push(rounded(error[at + 1]! + error[at + 2]!));
  }
  return {
    risk: rounded(exposed![days - 1]! + infectious![days - 1]!),
    exposed: exposed!,
    infectious: infectious!,
    removed: removed!,
    error: wrong!,
    r_hat: rounded(agreement.rHat[person]!),
    effective_samples: rounded(agreement.effectiveSamples[person]!),
  };
}

/** Numbers as a `real` holds them. */
export function singles(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const single = (value: unknown): unknown => (Array.isArray(value) ? value.map(single) : Math.fround(Number(value)));
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, single(value)]));
}
