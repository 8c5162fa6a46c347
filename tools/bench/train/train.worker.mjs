import { probeKernels, TrainingSession } from '@haat/model-runtime';
import * as nn from '@haat/onnx';
import { stepsWhenAsked } from './stepped.mjs';

const [name, forms] = process.argv.slice(2);
const { network, shape, classes } = await import(`./${name}.network.mjs`);
const options = {
  /** As `fitNetwork` trains. */
  machine: async () => ({ target: await probeKernels(), sizes: { n: shape[0] }, update: 'kernel' }),
  /** As it would on a machine without blocked layout. */
  standard: async () => ({ target: nn.standardKernels, sizes: { n: shape[0] }, update: 'kernel' }),
  /** What the other forms are tested against. */
  portable: async () => ({}),
};
const step = nn.trainingStepOf(network, nn.adamW(1e-3), await options[forms]());
const session = await TrainingSession.open(step, { threads: 2 });
const size = shape.reduce((product, each) => product * each, 1);
const batch = {
  x: nn.float32(nn.uniformNumbers(1, size), shape),
  y: nn.int64(Array.from({ length: shape[0] }, (_, i) => i % classes)),
};
let state = step.initial;
let at = 0;
await stepsWhenAsked(async () => {
  const { results, tensors } = await session.run(state, batch, at++);
  state = tensors();
  return results.loss.data[0];
});
