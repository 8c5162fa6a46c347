import * as nn from '@haat/onnx';
import { classifier } from './classifier.mjs';

const seed = 1;

export const shape = [128, 512];
export const classes = 256;

/** 512-1024-1024-256. */
export const network = classifier(
  'perceptron',
  shape,
  classes,
  nn.sequential(
    nn.dense('first', 512, 1024, { seed }),
    nn.relu,
    nn.dense('second', 1024, 1024, { seed }),
    nn.relu,
    nn.dense('third', 1024, classes, { seed }),
  ),
);
