import { createInterface } from 'node:readline';
import { readFileSync } from 'node:fs';
import { TrainingSession } from '@haat/model-runtime';
import * as nn from '@haat/onnx';
import { trainCases } from './train.cases.mjs';

const { network, shape, classes } = trainCases[process.argv[2]]();
const options = {
  portable: {},
  kernel: { update: 'kernel' },
  best: { update: 'kernel', target: { block: 16 }, sizes: { n: shape[0] } },
  direct: { target: { block: 0 }, sizes: { n: shape[0] } },
  blocked: { target: { block: 16 }, sizes: { n: shape[0] } },
}[process.argv[3]];
if (process.env.TELL)
  options.told = ({ application, result, form, passed }) =>
    passed.length &&
    console.error(
      application.operator,
      result.shape.join('x'),
      '->',
      form,
      passed.map((p) => `${p.form}: ${p.why}`).join('; '),
    );
const step = nn.trainingStepOf(network, nn.adamW(1e-3), options);
const session = await TrainingSession.open(step, { threads: 2 });
let state = step.initial;
let at = 0;
const batch = {
  x: nn.float32(
    nn.uniformNumbers(
      1,
      shape.reduce((size, each) => size * each, 1),
    ),
    shape,
  ),
  y: nn.int64(Array.from({ length: shape[0] }, (_, i) => i % classes)),
};
for await (const line of createInterface({ input: process.stdin })) {
  const [wall, cpu, losses] = [[], [], []];
  for (let left = Number(line); left > 0; left--) {
    const before = process.cpuUsage();
    const start = performance.now();
    const { results, tensors } = await session.run(state, batch, at++);
    state = tensors();
    losses.push(results.loss.data[0]);
    wall.push(performance.now() - start);
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1000);
  }
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
  process.stdout.write(`${JSON.stringify({ wall, cpu, losses, peak })}\n`);
}
