import { damageColumns } from '@haat/packaging/features';
import {
  costTable,
  currentAssignment,
  damageLogits,
  damageOptionsSchema,
  lowerHulls,
  planWithin,
  sigmoid,
  totalsOf,
} from '@haat/packaging/model';
import { fitDamage, ordinalityViolations, packageMeans, splitByProduct } from '@haat/packaging/training';
import { simulatePackaging } from '@haat/simulators';
import { areaUnderRoc, calibrationRatio, heldOutByGroup, logLoss } from '@haat/training';
import { readProducts } from '../real.products.mjs';
import { damageDataOf } from '../packaging.data.mjs';

const ours = 'Haat';
const defaults = damageOptionsSchema.parse({});

/** Damage probabilities [n, K] of every product by each method, fitted on the training products. */
function methods(data, training, truth) {
  const fitted = (options, { ordered = true } = {}) => {
    const { parameters } = fitDamage(training, { ...defaults, ...options }, { ordered });
    return sigmoid(damageLogits(parameters, damageColumns(data.facts)));
  };
  const means = packageMeans(training);
  const packages = means.length;
  return {
    [ours]: () => fitted({}),
    'ordered, no step prior': () => fitted({ stepPrior: 0 }),
    'unconstrained LR': () => fitted({ stepPrior: 0 }, { ordered: false }),
    'published recipe (reconstructed)': () => fitted({ stepPrior: 0, augmentWeight: 1 }),
    'package mean': () => Float64Array.from({ length: data.facts.rows * packages }, (_, at) => means[at % packages]),
    "simulator's truth": () => truth,
  };
}

/** Probabilities at rows of counts of the held-out products. */
function scores(probability, packages, heldOut, counts) {
  const rows = Array.from({ length: counts.rows }, (_, row) => row).filter((row) => heldOut[counts.product[row]] === 1);
  return {
    probability: rows.map((row) => probability[counts.product[row] * packages + counts.package[row]]),
    successes: rows.map((row) => counts.damages[row]),
    trials: rows.map((row) => counts.shipments[row]),
  };
}

export async function run(reporter, { products: file, mapping, seeds = '5' }) {
  const known = file === undefined ? null : await readProducts(file, mapping);
  if (known) {
    reporter.note(`${known.products.length} products, ${known.rejected.length} rows quarantined:`);
    for (const { line, column, reason } of known.rejected) reporter.note(`  line ${line}, ${column}: ${reason}`);
  }
  const values = {};
  for (let seed = 1; seed <= Number(seeds); seed++) {
    measureWorld(reporter, seed, simulatePackaging({ seed, ...(known && { products: known.products }) }), values);
  }
  summary(reporter, values);
}

const columns = {
  'log-loss': 'logLoss.randomlyPacked',
  AUC: 'auc.randomlyPacked',
  calibration: 'calibration.randomlyPacked',
  'calibration (history)': 'calibration.history',
  'violations %': 'violations',
  'damage @95 % (predicted)': 'damageChange.true@95%',
  'damage @100 % (predicted)': 'damageChange.true@100%',
};

/** Mean over the seeds, and the least and the largest, by method. */
function summary(reporter, values) {
  const shown = (metric, byMetric) => {
    const digits = metric.startsWith('damageChange') ? 1 : metric === 'violations' ? 2 : 4;
    const text = (list) => {
      const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
      return `${mean.toFixed(digits)} [${Math.min(...list).toFixed(digits)}, ${Math.max(...list).toFixed(digits)}]`;
    };
    const predicted = byMetric[metric.replace('.true@', '.predicted@')];
    const mean = predicted.reduce((sum, value) => sum + value, 0) / predicted.length;
    return metric.includes('.true@') ? `${text(byMetric[metric])} (${mean.toFixed(1)})` : text(byMetric[metric]);
  };
  const rows = Object.entries(values).map(
    ([method, byMetric]) =>
      `| ${method} | ${Object.values(columns)
        .map((metric) => shown(metric, byMetric))
        .join(' | ')} |`,
  );
  reporter.note('mean over the seeds [least, largest]');
  const header = ['method', ...Object.keys(columns)];
  for (const line of [`| ${header.join(' | ')} |`, `|${header.map(() => '---|').join('')}`, ...rows])
    reporter.note(line);
}

function measureWorld(reporter, seed, world, values) {
  const data = damageDataOf(world);
  const packages = data.catalogue.types.length;
  const { training } = splitByProduct(data);
  const heldOut = heldOutByGroup(data.facts.id, 0.2);
  const { probability: truth, randomlyPacked } = world.truth;
  const trueTable = costTable(data.facts, data.catalogue, truth);
  const { assignment: today } = currentAssignment(data.facts, data.catalogue, trueTable);
  const current = totalsOf(trueTable, today);
  const size = `${data.facts.rows} products`;
  for (const [peer, probabilities] of Object.entries(methods(data, training, truth))) {
    const row = (metric, value, unit) => {
      reporter.row({ metric: `quality.${metric}`, value, unit, size, seed, peer: peer === ours ? null : peer });
      ((values[peer] ??= {})[metric] ??= []).push(value);
    };
    const probability = probabilities();
    const random = scores(probability, packages, heldOut, randomlyPacked);
    const logged = scores(probability, packages, heldOut, data.counts);
    row('auc.randomlyPacked', areaUnderRoc(random), '1');
    row('logLoss.randomlyPacked', logLoss(random), 'nat');
    row('calibration.randomlyPacked', calibrationRatio(random), '1');
    row('logLoss.history', logLoss(logged), 'nat');
    row('calibration.history', calibrationRatio(logged), '1');
    row('violations', 100 * ordinalityViolations(probability, packages), '%');
    const table = costTable(data.facts, data.catalogue, probability);
    const hulls = lowerHulls(table);
    const todayPredicted = totalsOf(table, today).damage;
    for (const share of [0.95, 1]) {
      const plan = planWithin(hulls, { budget: share * current.shipping });
      const change = (damage, before) => 100 * (damage / before - 1);
      const at = `${100 * share}%`;
      row(`damageChange.true@${at}`, change(totalsOf(trueTable, plan.assignment).damage, current.damage), '%');
      row(`damageChange.predicted@${at}`, change(plan.damage, todayPredicted), '%');
    }
  }
}
