import { seededUniform } from '../statistics/seeded.uniform.ts';
import { fitLinear, type Link } from './linear.fit.ts';

const rows = 20_000;
function world(link: Link) {
  const uniform = seededUniform(11);
  const a = Float64Array.from({ length: rows }, () => 10 + 4 * uniform());
  const b = Float64Array.from({ length: rows }, () => uniform());
  const predictor = a.map((x, i) => 0.8 * (x - 12) - 1.5 * b[i]! + 0.25);
  const target =
    link === 'identity'
      ? predictor.map((y) => y + 0.2 * (uniform() - 0.5))
      : predictor.map((y) => Number(uniform() < 1 / (1 + Math.exp(-y))));
  return { columns: [a, b, new Float64Array(rows).fill(7)], target, link };
}

it.each([
  ['identity', 0.01],
  ['logistic', 0.08],
] as const)('finds planted weights under the %s link, and none of a constant', (link, tolerance) => {
  const { intercept, terms } = fitLinear({ ...world(link), ridge: 1 });
  expect(Math.abs(terms[0]!.weight - 0.8)).toBeLessThan(tolerance);
  expect(Math.abs(terms[1]!.weight + 1.5)).toBeLessThan(tolerance);
  expect(terms[2]).toEqual({ mean: 7, weight: 0 });
  const atPlace = intercept + terms[0]!.weight * (12 - terms[0]!.mean) - terms[1]!.weight * terms[1]!.mean;
  expect(Math.abs(atPlace - 0.25)).toBeLessThan(tolerance);
});

it('does not depend on the units of a column', () => {
  const { columns, ...rest } = world('logistic');
  const [a, ...others] = columns;
  const plain = fitLinear({ columns, ...rest, ridge: 5 });
  const inGrams = fitLinear({ columns: [a!.map((x) => 1000 * x), ...others], ...rest, ridge: 5 });
  expect(inGrams.terms[0]!.weight * 1000).toBeCloseTo(plain.terms[0]!.weight, 8);
});

it.each([
  ['fewer rows than weights', { columns: [Float64Array.of(1)], target: Float64Array.of(1), link: 'identity' }],
  ['one kind of a flag', { columns: [new Float64Array(9)], target: new Float64Array(9), link: 'logistic' }],
] as const)('says that there are too few rows: %s', (_, problem) => {
  expect(() => fitLinear({ ...problem, ridge: 1 })).toThrow(expect.objectContaining({ code: 'TOO_FEW_ROWS' }));
});
