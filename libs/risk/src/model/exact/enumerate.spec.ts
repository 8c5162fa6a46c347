import { contactColumns, testColumns, type RiskProblem } from '../../contract/index.ts';
import { randomProblem, type ProblemShape } from '../fixtures/random.problems.ts';
import { enumerate } from './enumerate.ts';

/** Days in the present state; the day of entering it counts. */
interface Now {
  readonly state: number;
  readonly age: number;
}

/**
 * The joint law written as the model tells it: day by day, everybody's next state given everybody's present one, tests by state; every history
 * of the population is visited. Shares nothing with the solver.
 */
function dayByDay({ persons, days, parameters, contacts, tests }: RiskProblem) {
  const { external, channels, exposed, infectious } = parameters;
  const hazard = (shares: readonly number[], age: number) =>
    (shares[age] ?? 0) / shares.slice(age).reduce((sum, share) => sum + share, 0);
  const probability = new Float64Array(persons * days * 4);
  let evidence = 0;
  const history: Now[][] = [];

  const observed = (day: number, now: readonly Now[]) => {
    let p = 1;
    for (let row = 0; row < tests.rows; row++) {
      if (tests.day[row] !== day) continue;
      const kind = parameters.tests[tests.kind[row]!]!;
      if (!('positive' in kind)) throw new Error('by state only');
      const positive = kind.positive[(['S', 'E', 'I', 'R'] as const)[now[tests.person[row]!]!.state]!];
      p *= tests.positive[row] === 1 ? positive : 1 - positive;
    }
    return p;
  };
  const escape = (person: number, day: number, now: readonly Now[]) => {
    let p = 1 - (external as number);
    for (const { rows, from, to, day: on, channel, count, mutual } of contacts) {
      for (let row = 0; row < rows; row++) {
        if (on[row] !== day) continue;
        const ways = [[from[row]!, to[row]!], ...(mutual[row] === 1 ? [[to[row]!, from[row]!]] : [])];
        for (const [giver, taker] of ways) {
          if (taker === person && now[giver!]!.state === 2)
            p *= (1 - channels[channel[row]!]!.probability) ** count[row]!;
        }
      }
    }
    return p;
  };
  const nexts = (person: number, day: number, now: readonly Now[]): (readonly [Now, number])[] => {
    const { state, age } = now[person]!;
    const stay = { state, age: age + 1 };
    if (state === 3) return [[stay, 1]];
    const leave = state === 0 ? 1 - escape(person, day, now) : hazard(state === 1 ? exposed : infectious, age);
    return [
      [{ state: state + 1, age: 1 }, leave],
      [stay, 1 - leave],
    ];
  };
  const everybody = (
    choices: (readonly (readonly [Now, number])[])[],
    weight: number,
    visit: (now: Now[], weight: number) => void,
  ) => {
    const chosen: Now[] = [];
    const from = (person: number, product: number): void => {
      if (product === 0) return;
      if (person === persons) return visit([...chosen], product);
      for (const [now, p] of choices[person]!) {
        chosen[person] = now;
        from(person + 1, product * p);
      }
    };
    from(0, weight);
  };
  const go = (day: number, now: Now[], weight: number): void => {
    const here = weight * observed(day, now);
    history[day] = now;
    if (day === days - 1) {
      evidence += here;
      history.forEach((then, d) =>
        then.forEach(({ state }, person) => (probability[(person * days + d) * 4 + state]! += here)),
      );
      return;
    }
    everybody(
      now.map((_, person) => nexts(person, day, now)),
      here,
      (next, w) => {
        history[day] = now;
        go(day + 1, next, w);
      },
    );
  };
  everybody(
    Array.from({ length: persons }, () => [
      [{ state: 1, age: 1 }, external as number],
      [{ state: 0, age: 1 }, 1 - (external as number)],
    ]),
    1,
    (now, w) => go(0, now, w),
  );
  return { probability: probability.map((p) => p / evidence), logEvidence: Math.log(evidence) };
}

function furthest(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), 0);
}

/** Without what `dayByDay` does not tell: reports, and tests by time. */
function plain(problem: RiskProblem): RiskProblem {
  const { tests } = problem;
  return {
    ...problem,
    parameters: { ...problem.parameters, symptoms: null },
    tests: { ...tests, kind: tests.kind.map((kind) => kind % 2) },
  };
}

describe('enumeration', () => {
  it.each<[number, ProblemShape]>([
    [1, { persons: 1, days: 9, contacts: 0, tests: 4 }],
    [2, { persons: 2, days: 7, contacts: 6, tests: 3 }],
    [3, { persons: 2, days: 7, contacts: 12, tests: 5 }],
    [4, { persons: 3, days: 5, contacts: 9, tests: 3 }],
    [5, { persons: 3, days: 5, contacts: 14, tests: 0 }],
    [6, { persons: 3, days: 5, contacts: 10, tests: 4, external: 1e-12 }],
  ])('gives what a walk over all histories, day by day, gives (%i)', (seed, shape) => {
    const problem = plain(randomProblem(seed, shape));
    const [exact, walked] = [enumerate(problem), dayByDay(problem)];
    expect(furthest(exact.probability, walked.probability)).toBeLessThan(shape.external ? 1e-4 : 1e-12);
    expect(exact.logEvidence).toBeCloseTo(walked.logEvidence, shape.external ? 3 : 11);
  });

  it('does not change with the order of persons, rows and pieces, nor when counts are rows of their own', () => {
    const problem = randomProblem(11, { persons: 4, days: 9, contacts: 8, tests: 6, reports: 3 });
    const [first, second] = problem.contacts;
    const rows = [first!, second!].flatMap(({ rows, from, to, day, channel, count, mutual }) =>
      Array.from({ length: rows }, (_, row) => row).flatMap((row) =>
        Array.from({ length: count[row]! }, () => ({
          from: 3 - from[row]!,
          to: 3 - to[row]!,
          day: day[row]!,
          channel: channel[row]!,
          mutual: mutual[row] === 1,
        })),
      ),
    );
    const mirrored = enumerate({
      ...problem,
      contacts: [contactColumns(rows.reverse())],
      tests: { ...problem.tests, person: problem.tests.person.map((person) => 3 - person) },
      symptoms: { ...problem.symptoms, person: problem.symptoms.person.map((person) => 3 - person) },
      reporting: problem.reporting!.slice().reverse(),
    });
    const exact = enumerate(problem);
    expect(mirrored.logEvidence).toBeCloseTo(exact.logEvidence, 11);
    for (let person = 0; person < 4; person++) {
      const [own, other] = [person, 3 - person].map((who) => who * 36);
      const difference = furthest(
        exact.probability.subarray(own, own! + 36),
        mirrored.probability.subarray(other, other! + 36),
      );
      expect(difference).toBeLessThan(1e-12);
    }
  });

  it('sums to one for every person and day, with everything that a problem may have', () => {
    const problem = randomProblem(12, {
      persons: 4,
      days: 8,
      contacts: 7,
      tests: 5,
      reports: 3,
      initial: true,
      regions: true,
      infectivity: [0.5, 1, 0.25],
    });
    const { probability } = enumerate(problem);
    for (let cell = 0; cell < probability.length; cell += 4) {
      const [s, e, i, r] = probability.subarray(cell, cell + 4);
      expect(s! + e! + i! + r!).toBeCloseTo(1, 12);
    }
  });

  it('takes what is known at the start: a window cut in two gives the whole again', () => {
    const whole = randomProblem(13, { persons: 1, days: 12, contacts: 0, tests: 0 });
    const early = testColumns([{ person: 0, day: 3, positive: true }]);
    // After a first day that says nothing: S, or E of age 0 or 1, or I.
    const initial = {
      rows: 3,
      person: Uint32Array.of(0, 0, 0),
      state: Uint8Array.of(1, 1, 2),
      age: Uint8Array.of(0, 1, 0),
      probability: Float64Array.of(0.98 * 0.02, 0.02 * 0.7, 0.02 * 0.3),
    };
    const parameters = { ...whole.parameters, symptoms: null };
    const tests = testColumns([{ person: 0, day: 2, positive: true }]);
    const later = enumerate({ ...whole, parameters, days: 11, initial, tests });
    const all = enumerate({ ...whole, parameters, tests: early });
    expect(furthest(all.probability.subarray(4), later.probability)).toBeLessThan(1e-12);
  });

  it('refuses more joint trajectories than are allowed, and says how many', () => {
    const problem = randomProblem(14, { persons: 6, days: 20, contacts: 60, tests: 0 });
    expect(() => enumerate(problem)).toThrow(
      expect.objectContaining({ code: 'TOO_MANY_TRAJECTORIES', message: expect.stringContaining('The 6 persons') }),
    );
  });

  it('refuses what cannot have happened', () => {
    const problem = randomProblem(15, { persons: 1, days: 6, contacts: 0, tests: 0 });
    const certain = { name: 'certain', positive: { S: 0, E: 0, I: 1, R: 0 } };
    const tests = testColumns([
      { person: 0, day: 3, positive: true },
      { person: 0, day: 3, positive: false },
    ]);
    expect(() => enumerate({ ...problem, tests, parameters: { ...problem.parameters, tests: [certain] } })).toThrow(
      expect.objectContaining({ code: 'IMPOSSIBLE_EVIDENCE' }),
    );
  });
});
