import { blockedAdd, blockedRelu, reluGradientBySteps } from './activation.forms.ts';
import {
  blockedConv,
  blockedDepthwiseWeightGradient,
  blockedInputGradient,
  reluInConv,
} from './convolution.blocked.ts';
import { inputGradientByFlipping, weightGradientOverRows } from './convolution.direct.ts';
import {
  blockedWeightGradientByProducts,
  weightGradientByColumns,
  weightGradientByProducts,
} from './convolution.products.ts';
import { depthwiseWeightGradientByElements } from './depthwise.direct.ts';
import type { Forms } from './form.ts';
import { blockedMaxPool, blockedMaxPoolGradient, maxPoolGradientByRepeating } from './pooling.forms.ts';
import { blockedSumOfChannels, expandByOnes, sumByOnes, sumOfChannels } from './reduction.forms.ts';

/** Forms that are faster than what an operator stands for, where they fit. The first that fits is taken. */
export const fastForms: Forms = {
  Conv: [blockedConv],
  Relu: [reluInConv, blockedRelu],
  Add: [blockedAdd],
  MaxPool: [blockedMaxPool],
  Expand: [expandByOnes],
  ReduceSum: [sumByOnes, blockedSumOfChannels, sumOfChannels],
  ReluGradient: [reluGradientBySteps],
  ConvWeightGradient: [
    blockedDepthwiseWeightGradient,
    depthwiseWeightGradientByElements,
    blockedWeightGradientByProducts,
    weightGradientByProducts,
    weightGradientByColumns,
    weightGradientOverRows,
  ],
  ConvInputGradient: [blockedInputGradient, inputGradientByFlipping],
  MaxPoolGradient: [blockedMaxPoolGradient, maxPoolGradientByRepeating],
};
