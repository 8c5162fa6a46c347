import { testColumns, type ContactColumns, type InitialColumns, type RiskProblem } from '../../contract/index.ts';
import { enumerate } from '../exact/enumerate.ts';
import { randomProblem, type ProblemShape } from '../fixtures/random.problems.ts';
import { foldedDays } from './folded.days.ts';

/** Infectious for longer than any report is late. */
const infectious = [0, 0, 0, 0.4, 0.35, 0.25];

/** A problem without its first days, with what is known instead of them. */
function without(problem: RiskProblem, fold: number, initial: InitialColumns | null): RiskProblem {
  const later = <Rows extends { readonly rows: number; readonly day: Uint8Array }>(columns: Rows): Rows => {
    const rows = [...columns.day.keys()].filter((row) => columns.day[row]! >= fold);
    const taken = Object.entries(columns).map(([name, column]: [string, unknown]) =>
      ArrayBuffer.isView(column) ? [name, rows.map((row) => (column as Uint8Array)[row]!)] : [name, rows.length],
    );
    const { day, ...others } = Object.fromEntries(taken) as Record<string, number[]>;
    const types = columns as unknown as Record<string, Uint8Array>;
    const typed = Object.entries(others).map(([name, values]) =>
      name === 'rows' ? [name, values] : [name, (types[name]!.constructor as typeof Uint8Array).from(values)],
    );
    return { ...Object.fromEntries(typed), day: Uint8Array.from(day!, (on) => on - fold) } as Rows;
  };
  const { external } = problem.parameters;
  return {
    ...problem,
    days: problem.days - fold,
    parameters: {
      ...problem.parameters,
      external: typeof external === 'number' ? external : external.map((byDay) => byDay.slice(fold)),
    },
    contacts: Array.from(problem.contacts, (columns) => later<ContactColumns>(columns)),
    tests: later(problem.tests),
    symptoms: later(problem.symptoms),
    initial,
  };
}

/** P(I) on the first days by enumeration. */
function infectiousOn(problem: RiskProblem, fold: number): Float64Array {
  const { probability } = enumerate(problem);
  return Float64Array.from(
    { length: problem.persons * fold },
    (_, at) => probability[(Math.floor(at / fold) * problem.days + (at % fold)) * 4 + 2]!,
  );
}

/** Folded day by day, each by what is known of all days that are left. */
function foldedOneByOne(problem: RiskProblem, fold: number): RiskProblem {
  let left = problem;
  for (let day = 0; day < fold; day++) left = without(left, 1, foldedDays(left, 1, infectiousOn(left, 1)));
  return left;
}

/** Largest difference of a probability on the days that both have. */
function difference(whole: RiskProblem, folded: RiskProblem, from = 0): number {
  const [all, left] = [enumerate(whole).probability, enumerate(folded).probability];
  const moved = whole.days - folded.days;
  let most = 0;
  for (let person = 0; person < whole.persons; person++) {
    for (let day = from; day < folded.days; day++) {
      for (let state = 0; state < 4; state++) {
        const a = all[(person * whole.days + day + moved) * 4 + state]!;
        const b = left[(person * folded.days + day) * 4 + state]!;
        most = Math.max(most, Math.abs(a - b));
      }
    }
  }
  return most;
}

describe.each([1, 2, 3])('days that are folded (seed %i)', (seed) => {
  it.each<[string, Partial<ProblemShape>]>([
    ['tests, silence and regions', { tests: 24, regions: true }],
    ['what was known before', { tests: 24, initial: true }],
  ])('leave persons who meet nobody with the law of the whole window: %s', (_, more) => {
    const base = randomProblem(seed, { persons: 3, days: 14, contacts: 0, tests: 0, infectious, ...more });
    const { rows, person, day, kind, positive } = base.tests;
    // Days since infection are not known of somebody who was infectious before the window: kinds that go by state.
    const byState = [...Array(rows).keys()].filter((row) => kind[row]! < 2);
    const tests = testColumns(
      byState.map((row) => ({ person: person[row]!, day: day[row]!, kind: kind[row]!, positive: positive[row] === 1 })),
    );
    const problem = { ...base, tests };
    for (const fold of [1, 5, 9]) {
      const at = new Float64Array(problem.persons * fold);
      expect(difference(problem, without(problem, fold, foldedDays(problem, fold, at, 0)))).toBeLessThan(1e-7);
    }
  });

  it('leave everybody with the marginals of the whole window where nothing is observed after them', () => {
    const base = randomProblem(seed, { persons: 4, days: 8, contacts: 0, tests: 0, initial: true, infectious });
    const met = randomProblem(seed, { persons: 4, days: 1, contacts: 9, tests: 6 });
    const tests = { ...met.tests, kind: met.tests.kind.map((kind) => kind % 2) };
    const parameters = { ...base.parameters, symptoms: null, infectivity: [1] };
    const problem = { ...base, parameters, contacts: met.contacts, tests };
    const folded = foldedDays(problem, 1, infectiousOn(problem, 1), 0);
    expect(difference(problem, without(problem, 1, folded))).toBeLessThan(1e-7);
    const unaware = foldedDays(problem, 1, new Float64Array(4));
    expect(difference(problem, without(problem, 1, unaware))).toBeGreaterThan(0.01);
  });

  it('cost little on the last day though persons met all the time, and far less than forgetting does', () => {
    const shape = { persons: 3, days: 16, contacts: 27, tests: 13, reports: 1, infectious };
    const problem = randomProblem(seed * 7, shape);
    const last = shape.days - 5 - 1;
    const folded = difference(problem, foldedOneByOne(problem, 5), last);
    expect(folded).toBeLessThan(0.06);
    expect(folded).toBeLessThan(difference(problem, without(problem, 5, null), last) / 5);
  });
});
