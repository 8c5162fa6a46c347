import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as nn from '@haat/onnx';
import { peersMissing, python } from '../peers.mjs';
import { firstStep, fromSource, Racer, race, ratio } from '../race.mjs';
import { median } from '../timing.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const SEED = 1;
const ROUNDS = 7;
const STEPS = 50;
/** Steps whose losses are compared. */
const COMPARED = 20;
const PEER = 'PyTorch';
/** An embedding bag of 2^18 x 64 and a softmax over 400 classes, 256 rows of 12 words, AdaGrad. */
const meta = {
  ...{ rows: 2 ** 18, width: 64, classes: 400, batch: 256, places: 12 },
  ...{ rate: 0.05, seed: SEED, threads: 2, batches: 64 },
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

async function firstLosses(name, command) {
  const racer = new Racer(name, command);
  const { losses } = await racer.ask(COMPARED);
  await racer.stop();
  return losses;
}

export async function run(reporter) {
  const folder = mkdtempSync(join(tmpdir(), 'haat-bench-embedding-'));
  const { rows, width, classes, batch, places } = meta;
  const size = `${rows} x ${width}, ${batch} x ${places}, ${classes} classes`;
  const row = (metric, value, unit, peer) =>
    reporter.row({ metric: `embedding.${metric}`, value, unit, size, seed: SEED, peer });
  const missing = peersMissing('torch');
  if (missing) reporter.skipped(PEER, missing);
  const commands = {
    Haat: fromSource(here('../train/embedding.worker.mjs'), folder),
    ...(missing ? {} : { [PEER]: [python, here('../peers/embedding.py'), folder] }),
  };
  try {
    writeWorld(folder);
    const seen = await race(commands, { rounds: ROUNDS, steps: STEPS });
    for (const [name, own] of Object.entries(seen)) {
      row('step', median(own.wall), 'ms', name);
      row('step.cpu', median(own.cpu), 'ms', name);
      row('step.least', own.least, 'ms', name);
      row('rate', (1000 * batch) / median(own.wall), 'rows/s', name);
      row('peak', own.last.peak, 'MiB', name);
      row('first', await firstStep(name, commands[name]), 's', name);
    }
    if (missing) return;
    row('ratio', ratio(seen.Haat, seen[PEER]), 'times', PEER);
    row('ratio.cpu', ratio(seen.Haat, seen[PEER], 'cpu'), 'times', PEER);
    row('peak.ratio', seen.Haat.last.peak / seen[PEER].last.peak, 'times', PEER);
    const [ours, theirs] = await Promise.all(Object.entries(commands).map((each) => firstLosses(...each)));
    row('lossDifference', Math.max(...ours.map((loss, i) => Math.abs(loss - theirs[i]))), 'nat', PEER);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
