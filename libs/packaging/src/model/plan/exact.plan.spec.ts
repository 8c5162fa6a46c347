import fc from 'fast-check';
import { exactPlan, planWithin } from './exact.plan.ts';
import { lowerHulls } from './lower.hulls.ts';
import { selectForBudget, selectForDamageTarget } from './plan.ts';
import type { CostTable } from './plan.types.ts';

/** Small tables of every kind: whole numbers (many ties), zeros, real numbers, infeasible packages, one package type. */
const tables: fc.Arbitrary<CostTable> = fc
  .record({ rows: fc.integer({ min: 1, max: 6 }), packages: fc.integer({ min: 1, max: 4 }), whole: fc.boolean() })
  .chain(({ rows, packages, whole }) => {
    const size = { minLength: rows * packages, maxLength: rows * packages };
    const cost = whole
      ? fc.integer({ min: 0, max: 9 })
      : fc.double({ min: 0, max: 1000, noNaN: true }).map((x) => Math.round(x * 1e4) / 1e4);
    return fc.record({
      rows: fc.constant(rows),
      packages: fc.constant(packages),
      shipping: fc.array(cost, size).map((costs) => Float64Array.from(costs)),
      damage: fc.array(cost, size).map((costs) => Float64Array.from(costs)),
      feasible: fc
        .array(fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(0) }), size)
        .map((flags) => Uint8Array.from(flags, (flag, at) => (at % packages === 0 ? 1 : flag))),
    });
  });

/** Every assignment's totals. */
function* everyPlan({ rows, packages, shipping, damage, feasible }: CostTable, row = 0): Generator<[number, number]> {
  if (row === rows) {
    yield [0, 0];
    return;
  }
  for (const [s, g] of everyPlan({ rows, packages, shipping, damage, feasible }, row + 1)) {
    for (let k = 0; k < packages; k++) {
      const at = row * packages + k;
      if (feasible[at] === 1) yield [s + shipping[at]!, g + damage[at]!];
    }
  }
}

const close = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

describe('plans of up to six products, against every possible plan', () => {
  it.each(['budget', 'damageTarget'] as const)('with a %s: LP bound <= optimum = exact <= greedy', (kind) => {
    fc.assert(
      fc.property(tables, fc.double({ min: 0, max: 1, noNaN: true }), (table, share) => {
        const plans = [...everyPlan(table)].map(([s, g]) => (kind === 'budget' ? [s, g] : [g, s]) as [number, number]);
        const least = Math.min(...plans.map(([spent]) => spent));
        const most = Math.max(...plans.map(([spent]) => spent));
        const amount = least + share * (most - least);
        const optimum = Math.min(...plans.filter(([spent]) => spent <= amount * (1 + 1e-12)).map(([, left]) => left));
        const limit = kind === 'budget' ? { budget: amount } : { damageTarget: amount };
        const hulls = lowerHulls(table);
        const exact = exactPlan(hulls, limit);
        const greedy = kind === 'budget' ? selectForBudget(hulls, amount) : selectForDamageTarget(hulls, amount);
        const spent = (plan: typeof exact) => (kind === 'budget' ? plan.shipping : plan.damage);
        const reached = (plan: typeof exact) => plan[plan.objective];

        expect(exact.method).toBe('exact');
        expect(exact.gap).toBe(0);
        expect(spent(exact)).toBeLessThanOrEqual(amount * (1 + 1e-9) + 1e-9);
        expect(spent(greedy)).toBeLessThanOrEqual(amount * (1 + 1e-9) + 1e-9);
        expect(close(reached(exact), optimum)).toBe(true);
        expect(greedy.lowerBound).toBeLessThanOrEqual(optimum + 1e-9 * Math.max(1, optimum));
        expect(reached(greedy)).toBeGreaterThanOrEqual(optimum - 1e-9 * Math.max(1, optimum));
        for (const plan of [exact, greedy]) {
          expect(plan.assignment.every((k, row) => table.feasible[row * table.packages + k] === 1)).toBe(true);
        }
      }),
      { numRuns: 3000, seed: 20 },
    );
  });
});

/** Costs of a numerical recipe without chance: products alike in kind, none equal. */
function sizedTable(rows: number, packages: number): CostTable {
  const shipping = new Float64Array(rows * packages);
  const damage = new Float64Array(rows * packages);
  for (let row = 0; row < rows; row++) {
    const size = 1 + ((row * 0.6180339887498949) % 1) * 9;
    const risk = 0.02 + ((row * 0.7548776662466927) % 1) * 0.2;
    const value = 100 + ((row * 0.5698402909980532) % 1) * 3000;
    for (let k = 0; k < packages; k++) {
      shipping[row * packages + k] = 10 * size + (4 + size) * k ** 1.3;
      damage[row * packages + k] = value * risk * Math.exp(-0.4 * k - 0.05 * k * ((row * 0.31830988618) % 1));
    }
  }
  return { rows, packages, shipping, damage, feasible: new Uint8Array(rows * packages).fill(1) };
}

describe('exactPlan on 2,000 products', () => {
  const hulls = lowerHulls(sizedTable(2000, 8));
  const least = hulls.table.shipping.filter((_, at) => at % 8 === 0).reduce((sum, s) => sum + s, 0);

  it('closes the gap that the greedy plan leaves, within the same LP bound', () => {
    const greedy = selectForBudget(hulls, least * 1.3);
    const exact = planWithin(hulls, { budget: least * 1.3 });
    expect(exact.method).toBe('exact');
    expect(exact.shipping).toBeLessThanOrEqual(least * 1.3 * (1 + 1e-12));
    expect(greedy.lowerBound).toBeLessThanOrEqual(exact.damage);
    expect(exact.damage).toBeLessThanOrEqual(greedy.damage);
    expect(greedy.gap).toBeLessThan(1e-3);
  });

  it('says when it met its limit of states, and states a gap that holds the optimum', () => {
    const limit = { budget: least * 1.3 };
    const exact = exactPlan(hulls, limit);
    const stopped = exactPlan(hulls, limit, { maxStates: 2 });
    expect(stopped.method).toBe('stopped-core');
    expect(stopped.gap).toBeGreaterThan(0);
    expect(stopped.lowerBound).toBeLessThanOrEqual(exact.damage);
    expect(stopped.damage).toBeGreaterThanOrEqual(exact.damage);
  });

  it('plans one product more by LP and greedy fill', () => {
    const more = planWithin(lowerHulls(sizedTable(2001, 8)), { budget: least * 1.3 });
    expect(more.method).toBe('lp-greedy');
  });
});
