import { differenceOf } from './shadow.differences.ts';

const answers = (...numbers: number[]) => ({ probability: Float64Array.from(numbers) });

describe('differenceOf', () => {
  it('counts rows beyond the tolerance, not numbers, and tells the largest distance', () => {
    const [a, b] = [answers(0.1, 0.2, 0.3, 0.4, 0.5, 0.6), answers(0.1, 0.2, 0.5, 0.5, 0.5, 0.61)];
    expect(differenceOf(a, b, 3, 0.05)).toEqual({ differing: 1, largest: 0.2 });
    expect(differenceOf(b, a, 3, 0.05)).toEqual(differenceOf(a, b, 3, 0.05));
    expect(differenceOf(a, b, 3, 0)).toEqual({ differing: 2, largest: 0.2 });
  });

  it('finds nothing between an answer and itself, whatever it holds', () => {
    const odd = answers(NaN, Infinity, -0, 0);
    expect(differenceOf(odd, odd, 2, 0)).toEqual({ differing: 0, largest: 0 });
    expect(differenceOf(answers(), answers(), 0, 0)).toEqual({ differing: 0, largest: 0 });
  });

  it('counts what cannot be compared as differing: NaN, another width, another name', () => {
    expect(differenceOf(answers(NaN, 1), answers(0, 1), 2, 9)).toEqual({ differing: 1, largest: 0 });
    expect(differenceOf(answers(1, 1), answers(1, 1, 1, 1), 2, 9)).toEqual({ differing: 2, largest: 0 });
    expect(differenceOf(answers(1, 1), { other: Float64Array.of(1, 1) }, 2, 9).differing).toBe(2);
  });
});
