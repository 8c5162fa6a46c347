import type { RiskPosterior, RiskProblem } from '../../contract/index.ts';
import { contactIndex } from '../contacts/contact.index.ts';
import { enumerate } from '../exact/enumerate.ts';
import { randomProblem, type ProblemShape } from '../fixtures/random.problems.ts';
import { ChainRun, type SamplingPlan } from './chain.run.ts';
import { populationOf } from './population.ts';
import { posteriorOf } from './posterior.ts';

function sampled(problem: RiskProblem, plan: SamplingPlan): RiskPosterior {
  const population = populationOf(problem, contactIndex(problem));
  const runs = Array.from({ length: plan.chains }, (_, chain) => new ChainRun(population, plan, chain));
  for (const run of runs) while (!run.finished) run.step();
  return posteriorOf(
    problem.persons,
    problem.days,
    runs.map(({ sums }) => sums),
  );
}

const plan: SamplingPlan = {
  seed: 1,
  chains: 4,
  warmUp: 100,
  sweeps: 500,
  marginalsEvery: 1,
  groupsEvery: 1,
  explain: [],
};

/** With the tolerance; what is known of the first day runs in logarithms, more slowly. */
const shapes: [string, ProblemShape, number, sweeps?: number][] = [
  ['contacts and tests', { persons: 4, days: 8, contacts: 8, tests: 6 }, 0.035],
  ['reports', { persons: 4, days: 8, contacts: 7, tests: 2, reports: 4 }, 0.035],
  [
    'regions and infectivity that changes',
    { persons: 4, days: 8, contacts: 8, tests: 6, regions: true, infectivity: [0.5, 1, 0.25] },
    0.035,
  ],
  [
    'what is known of the first day',
    { persons: 3, days: 8, contacts: 5, tests: 4, reports: 2, initial: true },
    0.06,
    100,
  ],
  ['a low external rate', { persons: 3, days: 9, contacts: 12, tests: 6, external: 1e-4 }, 0.04],
  ['an external rate of 1e-12', { persons: 3, days: 9, contacts: 12, tests: 6, external: 1e-12 }, 0.04],
];

describe('chains', () => {
  it.each(shapes)('agree with enumeration: %s', (_, shape, tolerance, sweeps = plan.sweeps) => {
    for (const seed of [1, 2]) {
      const problem = randomProblem(seed * 31, shape);
      const exact = enumerate(problem).probability;
      const posterior = sampled(problem, { ...plan, sweeps });
      const stride = shape.days * 4;
      let chiSquare = 0;
      for (let person = 0; person < shape.persons; person++) {
        const { probability, error } = posterior.timeline(person);
        for (let cell = 0; cell < stride; cell++) {
          const difference = Math.abs(probability[cell]! - exact[person * stride + cell]!);
          expect(difference).toBeLessThan(tolerance);
          chiSquare += (difference / Math.max(error[cell]!, 1e-4)) ** 2 / (shape.persons * stride);
        }
      }
      // The errors that are reported are about those that are made.
      expect(chiSquare).toBeLessThan(6);
    }
  });

  /** Who was first, and whether three tests were wrong together: what single updates get stuck in. */
  it('mix where a cluster is positive and infection from outside is rare', () => {
    const base = randomProblem(1, { persons: 3, days: 10, contacts: 0, tests: 0, external: 1e-4 });
    const meetings = [0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap((day) => [
      [0, 1, day],
      [0, 2, day],
      [1, 2, day],
    ]);
    const problem: RiskProblem = {
      ...base,
      contacts: [
        {
          rows: meetings.length,
          from: Uint32Array.from(meetings, ([from]) => from!),
          to: Uint32Array.from(meetings, ([, to]) => to!),
          day: Uint8Array.from(meetings, ([, , day]) => day!),
          channel: new Uint8Array(meetings.length),
          count: new Uint16Array(meetings.length).fill(1),
          mutual: new Uint8Array(meetings.length).fill(1),
        },
      ],
      tests: {
        rows: 3,
        person: Uint32Array.of(0, 1, 2),
        day: Uint8Array.of(6, 6, 7),
        kind: new Uint8Array(3),
        positive: Uint8Array.of(1, 1, 1),
      },
      parameters: { ...base.parameters, symptoms: null },
    };
    const exact = enumerate(problem).probability;
    const posterior = sampled(problem, { ...plan, sweeps: 5_000 });
    for (let person = 0; person < 3; person++) {
      posterior
        .timeline(person)
        .probability.forEach((p, cell) => expect(Math.abs(p - exact[person * 40 + cell]!)).toBeLessThan(0.02));
    }
    expect(Math.max(...posterior.agreement.rHat)).toBeLessThan(1.05);
  });

  it('say where they disagree: chains of a few sweeps on a hard problem', () => {
    const problem = randomProblem(5, { persons: 12, days: 20, contacts: 200, tests: 30, external: 1e-6 });
    const short = sampled(problem, { ...plan, warmUp: 0, sweeps: 8, groupsEvery: 0 });
    expect(Math.max(...short.agreement.rHat)).toBeGreaterThan(1.1);
    expect(short.sweeps).toBe(8);
  });

  it('name the sources of an infection, whose probabilities sum to that of being infected', () => {
    const problem = randomProblem(8, { persons: 6, days: 14, contacts: 40, tests: 12 });
    const posterior = sampled(problem, { ...plan, sweeps: 500, explain: [0, 3] });
    for (const person of [0, 3]) {
      const infected = 1 - posterior.timeline(person).probability[13 * 4]!;
      const sources = posterior.sources.get(person)!;
      const sum = sources.reduce((total, { probability }) => total + probability, 0);
      expect(sum).toBeCloseTo(infected, 3);
      expect(sources.some(({ from }) => from !== null)).toBe(true);
      expect(sources.every(({ probability }, k) => k === 0 || probability <= sources[k - 1]!.probability)).toBe(true);
    }
    expect(posterior.sources.has(1)).toBe(false);
  });
});
