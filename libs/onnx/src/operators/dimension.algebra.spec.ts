import fc from 'fast-check';
import type { Dimension } from '../index.ts';
import { product, quotient } from './dimension.algebra.ts';

const size: fc.Arbitrary<Dimension> = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom('n', 'm', '3*n', 'm*n'));

describe('sizes', () => {
  it('multiply in any order to one name', () => {
    expect([product([]), product([2, 3]), product(['n', 4, 'm']), product(['2*n', 3]), product([1, 'n'])]).toEqual([
      1,
      6,
      '4*m*n',
      '6*n',
      'n',
    ]);
    fc.assert(
      fc.property(fc.array(size), fc.array(size), (a, b) => {
        expect(product([...a, ...b])).toBe(product([product(b), product(a)]));
      }),
      { seed: 7 },
    );
  });

  it('divide to what multiplies back', () => {
    fc.assert(
      fc.property(fc.array(size), size, (parts, wanted) => {
        const found = quotient([...parts, wanted], parts);
        expect(found).toBe(product([wanted]));
        expect(product([...parts, found!])).toBe(product([...parts, wanted]));
      }),
      { seed: 7 },
    );
  });

  it('have no quotient that is not a size', () => {
    expect([quotient(['n'], [2]), quotient([6], ['n']), quotient([7], [2]), quotient([0], [0])]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
