import type { TestKind } from '../../contract/index.ts';
import { uniforms } from '../random/threefry.ts';
import { testAllocation, type AllocationQuestion } from './test.allocation.ts';
import type { TrajectorySamples } from './trajectory.samples.ts';

const DAYS = 10;
const positive = { S: 0.02, E: 0.3, I: 0.9, R: 0.1 };
const kind: TestKind = { name: 'pcr', positive };

/** Anything that may be believed of few persons, and who would be kept apart with whom. */
function randomQuestion(seed: number, persons: number, capacity: number): AllocationQuestion {
  const uniform = uniforms(seed, 71);
  const below = (n: number) => Math.floor(uniform() * n);
  const samples = 12;
  const cells = samples * persons;
  const column = () => new Uint8Array(cells).fill(DAYS);
  const columns = { exposed: column(), infectious: column(), removed: column(), lead: new Uint8Array(cells) };
  for (let cell = 0; cell < cells; cell++) {
    if (uniform() < 0.5) continue;
    columns.exposed[cell] = below(DAYS);
    columns.infectious[cell] = Math.min(DAYS, columns.exposed[cell]! + 1 + below(4));
    columns.removed[cell] = Math.min(DAYS, columns.infectious[cell]! + 1 + below(6));
  }
  const onward = Float64Array.from({ length: cells }, (_, cell) =>
    columns.exposed[cell]! < DAYS && columns.removed[cell]! === DAYS ? uniform() * 3 : 0,
  );
  const circles = Array.from({ length: persons }, (_, person) =>
    Array.from({ length: persons }, (_, other) => other).filter((other) => other !== person && uniform() < 0.35),
  );
  return {
    samples: { samples, persons, days: DAYS, ...columns },
    onward,
    kind,
    capacity,
    circle: (person) => circles[person]!,
    eligible: null,
  };
}

function stateOf({ persons, exposed, infectious, removed }: TrajectorySamples, sample: number, person: number) {
  const at = sample * persons + person;
  if (exposed[at]! >= DAYS) return 'S';
  if (infectious[at]! >= DAYS) return 'E';
  return removed[at]! >= DAYS ? 'I' : 'R';
}

/** The worth of a set of tests, result by result: every combination of results, who is kept apart by it, what that averts. */
function worthOf({ samples, onward, circle }: AllocationQuestion, tested: readonly number[]): number {
  let worth = 0;
  for (let sample = 0; sample < samples.samples; sample++) {
    for (let results = 0; results < 2 ** tested.length; results++) {
      let p = 1;
      const apart = new Set<number>();
      tested.forEach((person, k) => {
        const sensitivity = positive[stateOf(samples, sample, person)];
        const isPositive = ((results >> k) & 1) === 1;
        p *= isPositive ? sensitivity : 1 - sensitivity;
        if (isPositive) for (const member of [person, ...circle(person)]) apart.add(member);
      });
      for (const person of apart) worth += (p * onward[sample * samples.persons + person]!) / samples.samples;
    }
  }
  return worth;
}

function* sets(from: number, persons: number, size: number): Generator<readonly number[]> {
  if (size === 0) yield [];
  else {
    for (let first = from; first < persons; first++)
      for (const others of sets(first + 1, persons, size - 1)) yield [first, ...others];
  }
}

const best = (question: AllocationQuestion, size: number) =>
  Math.max(...[...sets(0, question.samples.persons, size)].map((tested) => worthOf(question, tested)));

describe('test allocation', () => {
  it.each([1, 2, 3, 4, 5, 6])('of one test is the best of all (seed %i)', (seed) => {
    const question = randomQuestion(seed, 8, 1);
    const [only] = testAllocation(question);
    expect(only!.averted).toBeCloseTo(best(question, 1), 12);
  });

  it.each([
    [11, 2],
    [12, 3],
    [13, 4],
    [14, 4],
    [15, 3],
  ])(
    'says what its set is worth, at least 1 - 1/e of the best set of that size (seed %i, %i tests)',
    (seed, capacity) => {
      const question = randomQuestion(seed, 8, capacity);
      const chosen = testAllocation(question);
      const worth = worthOf(
        question,
        chosen.map(({ person }) => person),
      );
      expect(chosen.length).toBe(capacity);
      expect(chosen.reduce((sum, { averted }) => sum + averted, 0)).toBeCloseTo(worth, 12);
      expect(worth).toBeGreaterThanOrEqual((1 - 1 / Math.E) * best(question, capacity));
      expect(chosen.map(({ averted }) => averted)).toEqual(
        chosen.map(({ averted }) => averted).toSorted((a, b) => b - a),
      );
    },
  );

  it('takes at each step what adds most: as a search that computes every gain anew', () => {
    const question = randomQuestion(21, 12, 6);
    const expected: number[] = [];
    for (let step = 0; step < 6; step++) {
      const others = Array.from({ length: 12 }, (_, person) => person).filter((person) => !expected.includes(person));
      const worth = others.map((person) => worthOf(question, [...expected, person]));
      expected.push(others[worth.indexOf(Math.max(...worth))]!);
    }
    expect(testAllocation(question).map(({ person }) => person)).toEqual(expected);
  });

  it('does not spend two tests on one household where another one is as yet in the dark', () => {
    // 0 and 1 live together and are infected together in 3 of 4 samples; 2 lives alone and is so in 2.
    const infected = [
      [1, 1, 1],
      [1, 1, 0],
      [1, 1, 1],
      [0, 0, 0],
    ];
    const cells = infected.flat();
    const by = (day: number) => Uint8Array.from(cells, (is) => (is ? day : DAYS));
    const question: AllocationQuestion = {
      samples: {
        samples: 4,
        persons: 3,
        days: DAYS,
        exposed: by(1),
        infectious: by(4),
        removed: by(DAYS),
        lead: new Uint8Array(12),
      },
      onward: Float64Array.from(cells),
      kind,
      capacity: 2,
      circle: (person) => (person === 0 ? [1] : person === 1 ? [0] : []),
      eligible: null,
    };
    expect(testAllocation(question).map(({ person }) => person)).toEqual([0, 2]);
    expect(testAllocation({ ...question, circle: () => [] }).map(({ person }) => person)).toEqual([0, 1]);
    expect(testAllocation({ ...question, eligible: (person) => person !== 0 }).map(({ person }) => person)).toEqual([
      1, 2,
    ]);
    const [first] = testAllocation(question);
    expect(first!.positive).toBeCloseTo((3 * 0.9 + 0.02) / 4, 12);
    const h = (p: number) => -p * Math.log(p) - (1 - p) * Math.log(1 - p);
    expect(first!.information).toBeCloseTo(h((3 * 0.9 + 0.02) / 4) - (3 * h(0.9) + h(0.02)) / 4, 12);
  });

  it('gives no test where nothing can be averted, or none is left', () => {
    const question = randomQuestion(31, 5, 9);
    expect(testAllocation({ ...question, onward: question.onward.fill(0) })).toEqual([]);
    expect(testAllocation({ ...randomQuestion(32, 5, 0) })).toEqual([]);
    expect(testAllocation({ ...randomQuestion(33, 5, 9), eligible: () => false })).toEqual([]);
  });
});
