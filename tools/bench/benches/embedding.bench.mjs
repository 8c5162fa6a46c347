import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as nn from '@haat/onnx';
import { nodePeer, peersMissing, pythonPeer } from '../peers.mjs';
import { interleaved, quantile, ratioOf } from '../rounds.mjs';
import { median } from '../timing.mjs';

const SEED = 1;
const ROUNDS = 15;
/** An embedding bag of 2^18 x 64 and a softmax over 400 classes, 256 rows of 12 words, AdaGrad. */
const meta = {
  ...{ rows: 2 ** 18, width: 64, classes: 400, batch: 256, places: 12 },
  ...{ rate: 0.05, seed: SEED, threads: 2, batches: 64, steps: 100, compared: 20 },
};

/** Same batches and same beginning for all. */
function writeWorld(folder) {
  const { rows, width, classes, batch, places, batches } = meta;
  const whole = (seed, count, below) =>
    BigInt64Array.from(nn.uniformNumbers(seed, count), (number) => BigInt(Math.floor(number * below)));
  writeFileSync(join(folder, 'meta.json'), JSON.stringify(meta));
  writeFileSync(join(folder, 'ids.i64'), whole(2, batches * batch * places, rows));
  writeFileSync(join(folder, 'labels.i64'), whole(3, batches * batch, classes));
  writeFileSync(
    join(folder, 'table.f32'),
    nn.tensorOfTable(nn.tableStart(rows, width, nn.seedFor(SEED, 'words'))).data,
  );
  const x = nn.input('x', 'float32', ['n', width]);
  const head = nn.dense('head', width, classes, { seed: SEED })(x, 'training');
  const { initial } = nn.compileTrainingStep({ loss: nn.sum(head) }, nn.sgd(0));
  writeFileSync(join(folder, 'head.f32'), initial['head/weight'].data);
}

/** Starts a peer; how long it took to its first step, ms, and the losses of its first steps. */
async function started(process) {
  await process.answer();
  const { age } = process;
  const { losses } = await process.answer();
  return { age, losses };
}

export async function run(reporter) {
  const folder = mkdtempSync(join(tmpdir(), 'haat-bench-embedding-'));
  const { rows, width, classes, batch, places } = meta;
  const row = (metric, value, unit, peer) =>
    reporter.row({
      metric: `embedding.${metric}`,
      value,
      unit,
      size: `${rows} x ${width}, ${batch} x ${places}, ${classes} classes`,
      seed: SEED,
      peer,
    });
  const processes = {};
  try {
    writeWorld(folder);
    processes.ours = nodePeer('embedding', folder);
    const ours = await started(processes.ours);
    row('start', ours.age, 'ms');
    const missing = peersMissing('torch');
    if (missing) reporter.skipped('PyTorch', missing);
    else {
      processes.torch = pythonPeer('embedding', folder);
      const torch = await started(processes.torch);
      row('start', torch.age, 'ms', 'PyTorch');
      row(
        'lossDifference',
        Math.max(...ours.losses.map((loss, i) => Math.abs(loss - torch.losses[i]))),
        'nat',
        'PyTorch',
      );
    }
    const answers = await interleaved(processes, ROUNDS);
    const ofRounds = (name) => answers[name].map(({ times }) => median(times));
    for (const [name, peer] of Object.entries({ ours: null, torch: 'PyTorch' })) {
      if (!(name in answers)) continue;
      const step = median(ofRounds(name));
      row('step', step, 'ms', peer);
      const steps = answers[name].flatMap(({ times }) => times);
      row('step.lowerQuartile', quantile(steps, 0.25), 'ms', peer);
      row('step.least', quantile(steps, 0), 'ms', peer);
      row('rate', (1000 * batch) / step, 'rows/s', peer);
      row('peak', answers[name].at(-1).peak / 2 ** 20, 'MiB', peer);
    }
    if ('torch' in answers) {
      const { ratio, lower, upper } = ratioOf(ofRounds('ours'), ofRounds('torch'));
      row('ratio', ratio, 'times', 'PyTorch');
      row('ratio.lowerQuartile', lower, 'times', 'PyTorch');
      row('ratio.upperQuartile', upper, 'times', 'PyTorch');
      const least = (name) =>
        quantile(
          answers[name].flatMap(({ times }) => times),
          0,
        );
      row('ratio.least', least('ours') / least('torch'), 'times', 'PyTorch');
      row('peak.ratio', answers.ours.at(-1).peak / answers.torch.at(-1).peak, 'times', 'PyTorch');
    }
  } finally {
    await Promise.all(Object.values(processes).map((process) => process.end()));
    rmSync(folder, { recursive: true });
  }
}
