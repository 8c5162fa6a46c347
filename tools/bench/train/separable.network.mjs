import * as nn from '@haat/onnx';
import { classifier } from './classifier.mjs';

const seed = 1;
const block = (name, inputs, outputs, stride) => [
  nn.convolution(`${name}/depth`, inputs, inputs, 3, { seed, padding: 1, stride, groups: inputs }),
  nn.relu,
  nn.convolution(`${name}/point`, inputs, outputs, 1, { seed, padding: 0 }),
  nn.relu,
];

export const shape = [64, 3, 48, 36];
export const classes = 20;

/** Depthwise separable: stem 32, blocks 64/2, 128, 128/2, 128. */
export const network = classifier(
  'separable',
  shape,
  classes,
  nn.sequential(
    nn.convolution('stem', 3, 32, 3, { seed, padding: 1 }),
    nn.relu,
    ...block('first', 32, 64, 2),
    ...block('second', 64, 128, 1),
    ...block('third', 128, 128, 2),
    ...block('fourth', 128, 128, 1),
    nn.globalAveragePool,
    nn.dense('head', 128, classes, { seed }),
  ),
);
