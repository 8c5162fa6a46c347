import fc from 'fast-check';
import { frontier } from './frontier.ts';
import { lowerHulls } from './lower.hulls.ts';
import { selectForBudget, selectForDamageTarget } from './plan.ts';
import type { CostTable, Hulls } from './plan.types.ts';
import { switchingPrices } from './switching.prices.ts';
import { leastTotalCost } from './cost.table.ts';

function tableOf(rows: readonly (readonly (readonly [number, number] | null)[])[]): CostTable {
  const flat = rows.flat();
  return {
    rows: rows.length,
    packages: rows[0]!.length,
    shipping: Float64Array.from(flat, (cell) => cell?.[0] ?? 1),
    damage: Float64Array.from(flat, (cell) => cell?.[1] ?? 1),
    feasible: Uint8Array.from(flat, (cell) => Number(cell !== null)),
  };
}

const randomTables = fc
  .record({ rows: fc.integer({ min: 1, max: 60 }), packages: fc.integer({ min: 1, max: 8 }) })
  .chain(({ rows, packages }) => {
    const costs = fc
      .array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: rows * packages, maxLength: rows * packages })
      .map((values) => Float64Array.from(values, (x) => Math.round(x * 1e4) / 1e4));
    return fc.record({
      rows: fc.constant(rows),
      packages: fc.constant(packages),
      shipping: costs,
      damage: costs,
      feasible: fc.constant(new Uint8Array(rows * packages).fill(1)),
    });
  });

/** What each product takes at a price: argmin of shipping + price * damage over all its packages, the cheaper on a tie. */
function atPrice({ rows, packages, shipping, damage, feasible }: CostTable, price: number) {
  let totalShipping = 0;
  let totalDamage = 0;
  for (let row = 0; row < rows; row++) {
    let best = -1;
    for (let at = row * packages; at < (row + 1) * packages; at++) {
      if (feasible[at] === 0) continue;
      const value = shipping[at]! + price * damage[at]!;
      const least = best < 0 ? Infinity : shipping[best]! + price * damage[best]!;
      if (value < least || (value === least && shipping[at]! < shipping[best]!)) best = at;
    }
    totalShipping += shipping[best]!;
    totalDamage += damage[best]!;
  }
  return { shipping: totalShipping, damage: totalDamage };
}

/** The published method: bisection of the price until the budget binds. */
function bisection(table: CostTable, budget: number) {
  let low = 0;
  let high = 1;
  while (high < 1e12 && atPrice(table, high).shipping <= budget) high *= 2;
  for (let pass = 0; pass < 200; pass++) {
    const middle = (low + high) / 2;
    if (atPrice(table, middle).shipping <= budget) low = middle;
    else high = middle;
  }
  return atPrice(table, low);
}

const largestStep = ({ table, offset, vertex }: Hulls) => {
  let largest = 0;
  for (let row = 0; row < table.rows; row++) {
    for (let v = offset[row]! + 1; v < offset[row + 1]!; v++) {
      const at = row * table.packages;
      largest = Math.max(largest, table.damage[at + vertex[v - 1]!]! - table.damage[at + vertex[v]!]!);
    }
  }
  return largest;
};

describe('lowerHulls', () => {
  it('keeps the packages that are best at some price, with increasing prices', () => {
    const hulls = lowerHulls(
      tableOf([
        [
          [1, 10],
          [2, 9],
          [3, 4],
          [4, 5],
          [5, 3],
          [5, 2],
        ],
        [[3, 1], [3, 1], [1, 7], [2, 4], null, [9, 9]],
      ]),
    );
    expect(switchingPrices(hulls, 0)).toEqual([
      { from: 0, to: 2, price: 2 / 6 },
      { from: 2, to: 5, price: 1 },
    ]);
    expect(switchingPrices(hulls, 1)).toEqual([{ from: 2, to: 0, price: 2 / 6 }]);
  });

  it('supports the least of shipping + price * damage at every price', () => {
    fc.assert(
      fc.property(randomTables, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (table, price) => {
        const { offset, vertex, price: prices } = lowerHulls(table);
        for (let row = 0; row < table.rows; row++) {
          const value = (k: number) =>
            table.shipping[row * table.packages + k]! + price * table.damage[row * table.packages + k]!;
          let v = offset[row]!;
          while (v + 1 < offset[row + 1]! && prices[v + 1]! <= price) v++;
          const least = Math.min(...Array.from({ length: table.packages }, (_, k) => value(k)));
          expect(value(vertex[v]!)).toBeLessThanOrEqual(least * (1 + 1e-12));
        }
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('names the product that no package takes', () => {
    expect(() => lowerHulls(tableOf([[[1, 1]], [null]]))).toThrow(
      expect.objectContaining({ code: 'NO_FEASIBLE_PACKAGE', details: { row: 1, packages: 1 } }),
    );
  });
});

describe('selectForBudget', () => {
  it('is at least as good as bisection and at most one hull step from it; its bound is the dual value', () => {
    fc.assert(
      fc.property(randomTables, fc.double({ min: 0, max: 1.1, noNaN: true }), (table, share) => {
        const hulls = lowerHulls(table);
        const whole = frontier(hulls);
        const last = whole.shipping.length - 1;
        const budget = whole.shipping[0]! + share * (whole.shipping[last]! - whole.shipping[0]!);
        const plan = selectForBudget(hulls, budget);
        const peer = bisection(table, budget);
        expect(plan.damage).toBeLessThanOrEqual(peer.damage + 1e-6);
        expect(peer.damage - plan.damage).toBeLessThanOrEqual(largestStep(hulls) + 1e-6);
        if (plan.lambda < Infinity) {
          const { shipping, damage } = atPrice(table, plan.lambda);
          const dual = damage + (shipping - budget) / plan.lambda;
          expect(Math.abs(plan.lowerBound - Math.max(0, dual))).toBeLessThanOrEqual(1e-6 * Math.max(1, dual));
        }
        expect(plan.gap).toBeGreaterThanOrEqual(0);
        expect(plan.gap).toBeLessThanOrEqual(1);
      }),
      { numRuns: 400, seed: 2 },
    );
  });

  it('takes the safest of every product when all fits, and says that nothing is left to buy', () => {
    const plan = selectForBudget(
      lowerHulls(
        tableOf([
          [
            [1, 5],
            [2, 3],
          ],
          [
            [1, 4],
            [3, 1],
          ],
        ]),
      ),
      100,
    );
    expect(plan).toMatchObject({ shipping: 5, damage: 4, lowerBound: 4, gap: 0, lambda: Infinity });
  });

  it('takes the cheapest of every product when the budget is just that', () => {
    const plan = selectForBudget(
      lowerHulls(
        tableOf([
          [
            [1, 5],
            [2, 3],
          ],
          [
            [1, 4],
            [3, 1],
          ],
        ]),
      ),
      2,
    );
    expect(plan).toMatchObject({ shipping: 2, damage: 9, lowerBound: 9, gap: 0, lambda: 0.5 });
  });

  it('takes as many of equal steps as fit, from the first product on', () => {
    const plan = selectForBudget(
      lowerHulls(
        tableOf(
          Array.from({ length: 10_000 }, () => [
            [1, 2],
            [2, 1],
          ]),
        ),
      ),
      12_345,
    );
    expect(plan).toMatchObject({ shipping: 12_345, damage: 20_000 - 2_345, gap: 0, lambda: 1 });
    expect(plan.assignment[2_344]).toBe(1);
    expect(plan.assignment[2_345]).toBe(0);
  });

  it('leaves products without demand at their first package, and lets one package type be no choice', () => {
    expect(
      Array.from(
        selectForBudget(
          lowerHulls(
            tableOf([
              [
                [0, 0],
                [0, 0],
              ],
              [
                [1, 1],
                [2, 0],
              ],
            ]),
          ),
          2,
        ).assignment,
      ),
    ).toEqual([0, 1]);
    expect(selectForBudget(lowerHulls(tableOf([[[3, 7]]])), 3)).toMatchObject({ shipping: 3, damage: 7, gap: 0 });
  });

  it('refuses a budget below the cheapest plan, and says what that costs', () => {
    expect(() =>
      selectForBudget(
        lowerHulls(
          tableOf([
            [
              [5, 5],
              [4, 9],
            ],
          ]),
        ),
        3.99,
      ),
    ).toThrow(expect.objectContaining({ code: 'BUDGET_TOO_LOW', details: { field: 'budget', least: 4, got: 3.99 } }));
    expect(() => selectForBudget(lowerHulls(tableOf([[[5, 5]]])), Number.NaN)).toThrow(
      expect.objectContaining({ code: 'BUDGET_TOO_LOW' }),
    );
  });
});

describe('selectForDamageTarget', () => {
  it('keeps the target at the least shipping of any price', () => {
    fc.assert(
      fc.property(randomTables, fc.double({ min: 0, max: 1.1, noNaN: true }), (table, share) => {
        const hulls = lowerHulls(table);
        const whole = frontier(hulls);
        const last = whole.shipping.length - 1;
        const target = whole.damage[last]! + share * (whole.damage[0]! - whole.damage[last]!);
        const plan = selectForDamageTarget(hulls, target);
        expect(plan.damage).toBeLessThanOrEqual(target * (1 + 1e-9) + 1e-9);
        expect(plan.lowerBound).toBeLessThanOrEqual(plan.shipping);
        const within = whole.damage.findIndex((damage) => damage <= target + 1e-9);
        expect(plan.shipping).toBeLessThanOrEqual(whole.shipping[within]! + 1e-6);
      }),
      { numRuns: 400, seed: 3 },
    );
  });

  it('refuses a target below the safest plan, and says what that leaves', () => {
    expect(() =>
      selectForDamageTarget(
        lowerHulls(
          tableOf([
            [
              [5, 5],
              [4, 9],
            ],
          ]),
        ),
        4,
      ),
    ).toThrow(
      expect.objectContaining({ code: 'DAMAGE_TARGET_TOO_LOW', details: { field: 'damageTarget', least: 5, got: 4 } }),
    );
  });
});

describe('frontier', () => {
  it('falls, is convex, and goes from the cheapest to the safest plan', () => {
    fc.assert(
      fc.property(randomTables, (table) => {
        const hulls = lowerHulls(table);
        const { shipping, damage, lambda } = frontier(hulls);
        for (let step = 1; step < shipping.length; step++) {
          expect(shipping[step]!).toBeGreaterThanOrEqual(shipping[step - 1]!);
          expect(damage[step]!).toBeLessThanOrEqual(damage[step - 1]!);
          expect(lambda[step]!).toBeGreaterThanOrEqual(lambda[step - 1]!);
        }
        const safest = selectForBudget(hulls, Number.MAX_VALUE);
        expect(damage.at(-1)).toBeCloseTo(safest.damage, 6);
        expect(shipping.at(-1)).toBeCloseTo(safest.shipping, 6);
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it('samples plans that are on it, both ends among them', () => {
    const table = tableOf(
      Array.from({ length: 50 }, (_, row) => [
        [1, 9 + row],
        [2, 4],
        [4, 3 - row / 50],
      ]),
    );
    const hulls = lowerHulls(table);
    const whole = frontier(hulls);
    const some = frontier(hulls, 5);
    expect(some.shipping).toHaveLength(5);
    expect([some.shipping[0], some.shipping[4]]).toEqual([whole.shipping[0], whole.shipping.at(-1)]);
    some.shipping.forEach((shipping, point) => {
      const step = whole.shipping.indexOf(shipping);
      expect(some.damage[point]).toBe(whole.damage[step]);
    });
    expect(() => frontier(hulls, 1)).toThrow('at least 2 points');
  });

  it('agrees with the plan for each of its budgets', () => {
    const table = tableOf(
      Array.from({ length: 30 }, (_, row) => [
        [1, 9 + row],
        [2, 4],
        [4, 3 - row / 50],
      ]),
    );
    const hulls = lowerHulls(table);
    const { shipping, damage } = frontier(hulls);
    shipping.forEach((budget, step) => {
      const plan = selectForBudget(hulls, budget);
      expect(plan.damage).toBeCloseTo(damage[step]!, 9);
      expect(plan.gap).toBeLessThan(1e-9);
    });
  });
});

describe('leastTotalCost', () => {
  it('takes the least sum among the packages that take the product, the cheaper on a tie', () => {
    const table = tableOf([
      [
        [1, 9],
        [4, 4],
        [9, 0],
      ],
      [null, [5, 2], [4, 3]],
    ]);
    expect(leastTotalCost(table)).toEqual({ assignment: Uint8Array.from([1, 2]), shipping: 8, damage: 7 });
  });
});
