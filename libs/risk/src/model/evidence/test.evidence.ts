import { type RiskProblem, type TestKind } from '../../contract/index.ts';

/** What is impossible by its parameters counts as this improbable, so that evidence which contradicts itself still has an answer. */
export const IMPOSSIBLE = 1e-30;

/** What one result of one kind of test says: its probability in E, I and S relative to R, or by days since infection relative to none. */
export interface ResultRatios {
  readonly E: number;
  readonly I: number;
  readonly S: number;
  /** By days since infection; the last value holds on. Null: the kind goes by state. */
  readonly sinceInfection: Float64Array | null;
  /** Whether nothing speaks more for infection than for none. */
  readonly quiet: boolean;
}

function ratiosOf(kind: TestKind, positive: boolean): ResultRatios {
  const of = (p: number) => Math.max(IMPOSSIBLE, positive ? p : 1 - p);
  if ('positive' in kind) {
    const { S, E, I, R } = kind.positive;
    const quiet = of(S) >= Math.max(of(E), of(I), of(R));
    return { E: of(E) / of(R), I: of(I) / of(R), S: of(S) / of(R), sinceInfection: null, quiet };
  }
  const sinceInfection = Float64Array.from(kind.sinceInfection, (p) => of(p) / of(kind.uninfected));
  return { E: 1, I: 1, S: 1, sinceInfection, quiet: sinceInfection.every((ratio) => ratio <= 1) };
}

/** The tests of a problem by person. */
export interface TestEvidence {
  /** [persons + 1]: where the tests of each person begin. */
  readonly start: Uint32Array;
  readonly day: Uint8Array;
  /** Index of `ratios` of each test. */
  readonly result: Uint16Array;
  readonly ratios: readonly ResultRatios[];
}

export function testEvidence({ persons, parameters, tests }: RiskProblem): TestEvidence {
  const { rows, person, day, kind, positive } = tests;
  const start = new Uint32Array(persons + 1);
  for (let row = 0; row < rows; row++) start[person[row]! + 1]!++;
  for (let who = 0; who < persons; who++) start[who + 1]! += start[who]!;
  const next = start.slice();
  const sorted = { day: new Uint8Array(rows), result: new Uint16Array(rows) };
  for (let row = 0; row < rows; row++) {
    const at = next[person[row]!]!++;
    sorted.day[at] = day[row]!;
    sorted.result[at] = kind[row]! * 2 + positive[row]!;
  }
  const ratios = parameters.tests.flatMap((each) => [ratiosOf(each, false), ratiosOf(each, true)]);
  return { start, ...sorted, ratios };
}
