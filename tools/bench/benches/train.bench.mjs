import { fileURLToPath } from 'node:url';
import * as nn from '@haat/onnx';
import { node, peersFolder, peersMissing, python, tensorflowMissing } from '../peers.mjs';
import { firstStep, fromSource, race, ratio } from '../race.mjs';
import { median } from '../timing.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Networks of `../train`, each beside the same one in `../peers/train.py` and `../peers/train.tfjs.mjs`: steps of a round, and which
 * backend of TensorFlow.js can train it: its WASM has no gradient of a convolution's weights.
 */
const races = {
  perceptron: { steps: 15, backend: 'wasm' },
  convolutional: { steps: 5, backend: 'cpu' },
  separable: { steps: 5, backend: 'cpu' },
};
const ROUNDS = 5;

const DEFAULT = 'PyTorch';
const BEST = 'PyTorch, fused AdamW, channels_last';
const SLEEPING = 'PyTorch, threads that sleep';

/** Ours: with the kernels of this machine, without blocked layout, and in the portable forms alone. */
const ours = (name) => ({
  Haat: fromSource(here('../train/train.worker.mjs'), name, 'machine'),
  'Haat, standard kernels': fromSource(here('../train/train.worker.mjs'), name, 'standard'),
  'Haat, portable forms': fromSource(here('../train/train.worker.mjs'), name, 'portable'),
});

/** Where others take the cores, threads that spin while they wait lose most: the third is what the work itself costs. */
const pytorch = (name) => ({
  [DEFAULT]: [python, here('../peers/train.py'), name, 'default'],
  [BEST]: [python, here('../peers/train.py'), name, 'best'],
  [SLEEPING]: ['env', 'OMP_WAIT_POLICY=passive', python, here('../peers/train.py'), name, 'default'],
});

const rates = {
  'blocked convolution': fromSource(here('../train/rate.worker.mjs'), 'convolution'),
  'product of matrices': fromSource(here('../train/rate.worker.mjs'), 'product'),
};

export async function run(reporter, { network: wanted }) {
  const missing = peersMissing('torch');
  if (missing) reporter.skipped('PyTorch', missing);
  const known = Object.entries(races).filter(([name]) => wanted === undefined || name === wanted);
  if (known.length === 0) throw new Error(`no network is called ${wanted}; there are ${Object.keys(races).join(', ')}`);
  for (const [name, { steps, backend }] of known) {
    const peers = missing ? {} : pytorch(name);
    const seen = await race({ ...ours(name), ...peers, ...rates }, { rounds: ROUNDS, steps });
    await report(reporter, name, seen, { ...ours(name), ...peers });
    await beside(reporter, name, backend, seen.Haat);
  }
}

async function report(reporter, name, seen, commands) {
  const { network, shape } = await import(`../train/${name}.network.mjs`);
  const [batch] = shape;
  const { flops } = nn.explainTrainingStep(network, nn.adamW(1e-3), {
    sizes: { n: batch },
    target: nn.standardKernels,
  });
  const size = `${name}, batch ${batch}`;
  const row = (metric, value, unit, peer) => reporter.row({ metric: `train.${metric}`, value, unit, size, peer });
  for (const [peer, own] of Object.entries(seen)) {
    if (peer in rates) row('kernel', rateOf(own), 'GFLOP/s', peer);
    else row('step', median(own.wall), 'ms', peer);
  }
  for (const [peer, own] of Object.entries(seen)) {
    if (peer in rates) continue;
    row('step.cpu', median(own.cpu), 'ms', peer);
    row('step.least', own.least, 'ms', peer);
    row('peak', own.last.peak, 'MiB', peer);
  }
  const rate = flops / 1e6 / median(seen.Haat.wall);
  row('rate', rate, 'GFLOP/s');
  row('rate.ofBestKernel', rate / Math.max(...Object.keys(rates).map((each) => rateOf(seen[each]))), '1');
  for (const peer of [DEFAULT, BEST, SLEEPING].filter((each) => each in seen)) {
    for (const own of Object.keys(ours(name))) {
      row('ratio', ratio(seen[own], seen[peer]), 'times', `${own} / ${peer}`);
      row('ratio.cpu', ratio(seen[own], seen[peer], 'cpu'), 'times', `${own} / ${peer}`);
    }
  }
  for (const peer of ['Haat', DEFAULT, BEST].filter((each) => each in commands)) {
    row('first', await firstStep(peer, commands[peer]), 's', peer);
  }
}

/**
 * TensorFlow.js is so much slower that it does single steps, not in the race. Its package for Node downloads its library when it is
 * installed, from no registry: the backends that a registry holds are raced.
 */
async function beside(reporter, name, backend, own) {
  const peer = `TensorFlow.js, ${backend} backend`;
  const missing = tensorflowMissing();
  if (missing) return reporter.skipped(peer, missing);
  const command = [node, here('../peers/train.tfjs.mjs'), name, backend, peersFolder];
  const slow = backend === 'cpu';
  const seen = await race({ [peer]: command }, { rounds: slow ? 1 : 3, steps: 1, warmUp: slow ? 0 : 1 });
  const row = (metric, value, unit) => reporter.row({ metric: `train.${metric}`, value, unit, size: name, peer });
  row('step', median(seen[peer].wall), 'ms');
  row('ratio', median(own.wall) / median(seen[peer].wall), 'times');
}

function rateOf({ wall, last }) {
  return last.flops / 1e6 / median(wall);
}
