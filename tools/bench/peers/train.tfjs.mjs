// Trains one network of the bench "train" with TensorFlow.js. Arguments: the network, the backend (wasm or cpu), the folder of the peers.
// Each line of standard input is a number of steps; each line of standard output is one JSON document: what they took.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const [name, backend, folder] = process.argv.slice(2);
const installed = createRequire(join(folder, 'package.json'));
const tf = installed('@tensorflow/tfjs');
if (backend === 'wasm') {
  const wasm = installed('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(`${dirname(installed.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
}
await tf.setBackend(backend);

const { layers } = tf;
const relu = { activation: 'relu' };
const conv = (filters, rest = {}) => layers.conv2d({ filters, kernelSize: 3, padding: 'same', ...relu, ...rest });
const pool = () => layers.maxPooling2d({ poolSize: 2 });
const separable = (filters, strides) => [
  layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', strides, ...relu }),
  layers.conv2d({ filters, kernelSize: 1, ...relu }),
];
const head = [() => layers.globalAveragePooling2d({}), () => layers.dense({ units: 20 })];
const cases = {
  perceptron: {
    shape: [128, 512],
    classes: 256,
    layers: () => [
      layers.dense({ units: 1024, ...relu }),
      layers.dense({ units: 1024, ...relu }),
      layers.dense({ units: 256 }),
    ],
  },
  convolutional: {
    shape: [32, 64, 64, 3],
    classes: 20,
    layers: () => [conv(32), pool(), conv(64), pool(), conv(128), pool(), ...head.map((layer) => layer())],
  },
  separable: {
    shape: [64, 48, 36, 3],
    classes: 20,
    layers: () => [
      conv(32),
      ...separable(64, 2),
      ...separable(128, 1),
      ...separable(128, 2),
      ...separable(128, 1),
      ...head.map((layer) => layer()),
    ],
  },
};
const { shape, classes, layers: made } = cases[name];
const input = tf.input({ shape: shape.slice(1) });
const model = tf.model({ inputs: input, outputs: made().reduce((value, layer) => layer.apply(value), input) });
// It has no AdamW; its Adam does the same work but for the decay.
const optimizer = tf.train.adam(1e-3);
const x = tf.randomUniform(shape);
const y = tf.oneHot(
  tf.tensor1d(
    Array.from({ length: shape[0] }, (_, i) => i % classes),
    'int32',
  ),
  classes,
);

function step() {
  const loss = optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true })), true);
  const [number] = loss.dataSync();
  loss.dispose();
  return number;
}

for await (const line of createInterface({ input: process.stdin })) {
  const [wall, cpu, losses] = [[], [], []];
  for (let left = Number(line); left > 0; left--) {
    const before = process.cpuUsage();
    const start = performance.now();
    losses.push(step());
    wall.push(performance.now() - start);
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1000);
  }
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
  process.stdout.write(`${JSON.stringify({ wall, cpu, losses, peak, version: tf.version_core })}\n`);
}
