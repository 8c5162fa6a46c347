import * as nn from '@haat/onnx';
import { classifier } from './classifier.mjs';

const seed = 1;
const block = (name, inputs, outputs) => [
  nn.convolution(name, inputs, outputs, 3, { seed, padding: 1 }),
  nn.relu,
  (x) => nn.maxPool(x, 2),
];

export const shape = [32, 3, 64, 64];
export const classes = 20;

/** 3-32-64-128 with pooling. */
export const network = classifier(
  'convolutional',
  shape,
  classes,
  nn.sequential(
    ...block('first', 3, 32),
    ...block('second', 32, 64),
    ...block('third', 64, 128),
    nn.globalAveragePool,
    nn.dense('head', 128, classes, { seed }),
  ),
);
