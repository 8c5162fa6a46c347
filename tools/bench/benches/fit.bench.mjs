import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { categoryVocabulary, fitOrdered, orderedDesign, parameterLayout, stepLines } from '@haat/packaging/training';
import { simulatePackaging } from '@haat/simulators';
import { damageDataOf } from '../packaging.data.mjs';
import { peersMissing, runPeer } from '../peers.mjs';
import { timed } from '../timing.mjs';

const SEED = 1;
const RIDGE = 10;
const STEP_PRIOR = 0.25;

/** The design written out for solvers that want a matrix [rows, size]: dense terms, category, minus the steps taken. */
function fullMatrix(design) {
  const lines = stepLines(design);
  const { effect, step, modifiers, size } = parameterLayout(design, lines.length);
  const matrix = new Float64Array(design.rows * size);
  for (let j = 0; j < design.packages; j++) {
    for (let row = design.start[j]; row < design.start[j + 1]; row++) {
      const dense = design.dense.subarray(row * design.width, (row + 1) * design.width);
      const at = row * size;
      matrix.set(dense, at);
      matrix[at + effect + design.category[row]] = 1;
      for (let t = 0; t < j; t++) {
        lines.forEach(({ constant, column, slope }, m) => {
          matrix[at + step + t * modifiers + m] = -(constant + slope * dense[column]);
        });
      }
    }
  }
  return { matrix, size, step, modifiers };
}

export function run(reporter) {
  const data = damageDataOf(simulatePackaging({ seed: SEED, products: 33_000 }));
  const design = timed(1, () => orderedDesign(data, categoryVocabulary(data, 20)));
  const { matrix, size, step, modifiers } = fullMatrix(design.result);
  const shape = `${design.result.rows} x ${size}`;
  const row = (metric, value, unit, peer) => reporter.row({ metric, value, unit, size: shape, seed: SEED, peer });

  const ordered = timed(5, () => fitOrdered(design.result, { ridge: RIDGE, stepPrior: STEP_PRIOR }));
  row('fit.ordered.first', ordered.first, 'ms');
  row('fit.ordered', ordered.median, 'ms');
  row('fit.ordered.cpu', ordered.cpu, 'ms');
  row('fit.ordered.objective', ordered.result.objective, 'nat');
  row('fit.ordered.iterations', ordered.result.iterations, '1');
  row('fit.ordered.kktResidual', ordered.result.kktResidual, 'shipments');
  const free = timed(5, () => fitOrdered(design.result, { ridge: RIDGE, stepPrior: 0, ordered: false }));
  row('fit.unconstrained', free.median, 'ms');
  row('fit.unconstrained.objective', free.result.objective, 'nat');
  row('fit.design', design.median, 'ms');

  const missing = peersMissing();
  if (missing) {
    reporter.skipped('scikit-learn, SciPy', missing);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'haat-bench-fit-'));
  try {
    writeFileSync(join(folder, 'matrix.f64'), matrix);
    writeFileSync(join(folder, 'shipments.f64'), design.result.shipments);
    writeFileSync(join(folder, 'damages.f64'), design.result.damages);
    const meta = { rows: design.result.rows, size, step, modifiers, ridge: RIDGE, stepPrior: STEP_PRIOR };
    writeFileSync(join(folder, 'meta.json'), JSON.stringify(meta));
    const peers = runPeer('fit', folder);
    for (const { metric, peer, ms, objective, iterations } of peers) {
      row(metric, ms, 'ms', peer);
      row(`${metric}.objective`, objective, 'nat', peer);
      row(`${metric}.iterations`, iterations, '1', peer);
      const ours = metric === 'fit.ordered' ? ordered : free;
      row(`${metric}.speedup`, ms / ours.median, 'times', peer);
      row(`${metric}.objectiveAboveOurs`, (objective - ours.result.objective) / ours.result.objective, '1', peer);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
