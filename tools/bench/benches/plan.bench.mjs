import highsLoader from 'highs';
import { costTable, exactPlan, frontier, lowerHulls, selectForBudget } from '@haat/packaging/model';
import { simulatePackaging } from '@haat/simulators';
import { damageDataOf } from '../packaging.data.mjs';
import { timed } from '../timing.mjs';

const SEED = 1;

/** The simulated products, over and over with another demand and price each time, with their true probabilities. */
function tableOf(world, rows) {
  const { facts, catalogue } = damageDataOf(world);
  const packages = catalogue.types.length;
  const source = (row) => row % facts.rows;
  const factor = (row) => 0.5 + ((row * 0.6180339887498949) % 1);
  const numbers = (values) => Float64Array.from({ length: rows }, (_, row) => values[source(row)]);
  const scaled = (values, share) => Float64Array.from({ length: rows }, (_, row) => values[source(row)] * share(row));
  const many = {
    ...facts,
    rows,
    weightG: numbers(facts.weightG),
    lengthCm: numbers(facts.lengthCm),
    widthCm: numbers(facts.widthCm),
    heightCm: numbers(facts.heightCm),
    demand: scaled(facts.demand, factor),
    priceInr: scaled(facts.priceInr, (row) => 0.5 + factor(row * 7 + 3)),
  };
  const { probability } = world.truth;
  const repeated = new Float64Array(rows * packages);
  for (let row = 0; row < rows; row++) {
    const from = source(row) * packages;
    repeated.set(probability.subarray(from, from + packages), row * packages);
  }
  return timed(2, () => costTable(many, catalogue, repeated));
}

/** Halfway between the cheapest plan's shipping and the safest one's. */
function halfwayBudget({ table, offset, vertex }) {
  let least = 0;
  let most = 0;
  for (let row = 0; row < table.rows; row++) {
    least += table.shipping[row * table.packages + vertex[offset[row]]];
    most += table.shipping[row * table.packages + vertex[offset[row + 1] - 1]];
  }
  return (least + most) / 2;
}

/** The published method: bisection of the price of damage, all products at each step. */
function bisection({ rows, packages, shipping, damage, feasible }, budget) {
  const at = (price) => {
    let totalShipping = 0;
    let totalDamage = 0;
    for (let row = 0; row < rows; row++) {
      let best = -1;
      let least = Infinity;
      for (let cell = row * packages; cell < (row + 1) * packages; cell++) {
        const value = shipping[cell] + price * damage[cell];
        if (feasible[cell] === 1 && value < least) {
          least = value;
          best = cell;
        }
      }
      totalShipping += shipping[best];
      totalDamage += damage[best];
    }
    return { shipping: totalShipping, damage: totalDamage };
  };
  let low = 0;
  let high = 1;
  while (at(high).shipping <= budget) high *= 2;
  while (high - low > 1e-9 * high) {
    const middle = (low + high) / 2;
    if (at(middle).shipping <= budget) low = middle;
    else high = middle;
  }
  return at(low);
}

/** The multiple-choice knapsack as a mixed-integer programme in CPLEX LP format. */
function programme({ rows, packages, shipping, damage, feasible }, budget) {
  const cells = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: packages }, (_, k) => row * packages + k).filter((cell) => feasible[cell] === 1),
  );
  const sum = (values) => cells.map((row) => row.map((cell) => `+ ${values[cell]} x${cell}`).join(' ')).join('\n ');
  const choices = cells.map((row, at) => ` c${at}: ${row.map((cell) => `x${cell}`).join(' + ')} = 1`).join('\n');
  const names = cells.map((row) => row.map((cell) => `x${cell}`).join(' ')).join('\n ');
  return `Minimize\n obj: ${sum(damage)}\nSubject To\n budget: ${sum(shipping)} <= ${budget}\n${choices}\nBinary\n ${names}\nEnd\n`;
}

async function besideHighs(reporter, world, rows) {
  const { result: table } = tableOf(world, rows);
  const hulls = lowerHulls(table);
  const budget = halfwayBudget(hulls);
  const size = `${rows} x ${table.packages}`;
  const row = (metric, value, unit, peer) => reporter.row({ metric, value, unit, size, seed: SEED, peer });
  const greedy = timed(5, () => selectForBudget(lowerHulls(table), budget));
  row('plan.lpGreedy', greedy.median, 'ms');
  row('plan.lpGreedy.gap', greedy.result.gap, '1');
  const exact = timed(5, () => exactPlan(lowerHulls(table), { budget }));
  row('plan.exact', exact.median, 'ms');
  row('plan.exact.damage', exact.result.damage, 'INR');
  reporter.note(`exact: method "${exact.result.method}", gap ${exact.result.gap}`);

  const highs = await highsLoader();
  const text = programme(table, budget);
  const peer = 'HiGHS (npm highs 1.15.3)';
  const solved = timed(1, () => highs.solve(text, { mip_rel_gap: 0, mip_abs_gap: 1e-6, time_limit: 300 }));
  row('plan.exact', solved.median, 'ms', peer);
  row('plan.exact.damage', solved.result.ObjectiveValue, 'INR', peer);
  row('plan.exact.speedup', solved.median / exact.median, 'times', peer);
  const above = (solved.result.ObjectiveValue - exact.result.damage) / exact.result.damage;
  row('plan.exact.damageAboveOurs', above, '1', peer);
  reporter.note(`HiGHS: status "${solved.result.Status}"`);
}

export async function run(reporter, { large = false }) {
  const world = simulatePackaging({ seed: SEED });
  const rows = 1_000_000;
  const { result: table, least: costs } = tableOf(world, rows);
  const size = `${rows} x ${table.packages}`;
  const row = (metric, value, unit, peer) => reporter.row({ metric, value, unit, size, seed: SEED, peer });
  row('plan.costTable', costs, 'ms');
  const budget = halfwayBudget(lowerHulls(table));
  const hulls = timed(7, () => lowerHulls(table));
  row('plan.hulls', hulls.median, 'ms');
  const select = timed(7, () => selectForBudget(hulls.result, budget));
  row('plan.select', select.median, 'ms');
  const plan = timed(7, () => selectForBudget(lowerHulls(table), budget));
  row('plan.lpGreedy', plan.median, 'ms');
  row('plan.lpGreedy.least', plan.least, 'ms');
  row('plan.lpGreedy.cpu', plan.cpu, 'ms');
  row('plan.lpGreedy.gap', plan.result.gap, '1');
  const whole = timed(3, () => frontier(hulls.result));
  row('plan.frontier', whole.median, 'ms');
  row('plan.frontier.plans', whole.result.shipping.length, '1');

  const peer = 'bisection (the published method)';
  const bisected = timed(1, () => bisection(table, budget));
  row('plan.lpGreedy', bisected.median, 'ms', peer);
  row('plan.lpGreedy.speedup', bisected.median / plan.median, 'times', peer);
  row('plan.lpGreedy.damageAboveOurs', bisected.result.damage / plan.result.damage - 1, '1', peer);

  for (const few of large ? [1000, 5000] : [1000]) await besideHighs(reporter, world, few);
}
