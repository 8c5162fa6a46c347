import { digestOfRows, heldOutByGroup } from './group.split.ts';

const ids = Array.from({ length: 20_000 }, (_, i) => `product-${i}`);

describe('heldOutByGroup', () => {
  it('depends on the name alone, whatever else is there', () => {
    const all = heldOutByGroup(ids, 0.2);
    const odd = heldOutByGroup(ids.filter((_, i) => i % 2 === 1).reverse(), 0.2).reverse();
    expect(Array.from(odd)).toEqual(Array.from(all).filter((_, i) => i % 2 === 1));
  });

  it('holds out about the share that was asked, and more with a larger share', () => {
    const fifth = heldOutByGroup(ids, 0.2);
    const half = heldOutByGroup(ids, 0.5);
    const count = fifth.reduce((a, b) => a + b, 0);
    // Four standard deviations of a binomial.
    expect(Math.abs(count - 4000)).toBeLessThan(4 * Math.sqrt(20_000 * 0.2 * 0.8));
    expect(fifth.every((held, i) => held <= half[i]!)).toBe(true);
  });

  it('keeps a group together', () => {
    const sides = heldOutByGroup(['a', 'b', 'a', 'b', 'a'], 0.5);
    expect(sides[0]! + sides[2]! + sides[4]!).toBe(3 * sides[0]!);
    expect(sides[1]).toBe(sides[3]);
  });

  it('is fixed for all time', () => {
    expect(Array.from(heldOutByGroup(['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8'], 0.5))).toMatchInlineSnapshot(`
     [
       0,
       1,
       1,
       0,
       1,
       1,
       1,
       0,
     ]
    `);
  });
});

describe('digestOfRows', () => {
  it('tells rows, their order and their borders apart', () => {
    const digests = [['a', 'b'], ['b', 'a'], ['ab'], ['a', 'b', '']].map(digestOfRows);
    expect(new Set(digests).size).toBe(4);
    expect(digestOfRows(['a', 'b'])).toBe(digests[0]);
  });
});
