import {
  accuracy,
  adamW,
  chain,
  clipByGlobalNorm,
  convolution,
  cosine,
  crossEntropy,
  defineNetwork,
  dense,
  flatten,
  input,
  maxPool,
  mean,
  relu,
  sequential,
  softmax,
  weightAverage,
  type Optimizer,
} from '@haat/onnx';
import { shapeNames, shapeSize } from './drawn.shapes.ts';

/** A small convolutional network that tells the drawn shapes apart; `width`: channels of the first layer. */
export function shapesNetwork(width: number) {
  const image = input('image', 'float32', ['n', 1, shapeSize, shapeSize]);
  const shape = input('shape', 'int64', ['n']);
  const seed = 5;
  const layers = sequential(
    convolution('first', 1, width, 5, { seed, stride: 2 }),
    relu,
    convolution('second', width, 2 * width, 3, { seed, stride: 2 }),
    relu,
    convolution('third', 2 * width, 4 * width, 3, { seed }),
    relu,
    (x) => maxPool(x, 2),
    (x) => flatten(x),
    dense('fourth', 9 * 4 * width, 8 * width, { seed }),
    relu,
    dense('head', 8 * width, shapeNames.length, { seed }),
  );
  return defineNetwork({
    name: 'example/shapes',
    inputs: [image],
    outputs: (pass) => {
      const logits = layers(image, pass);
      return { logits, probability: softmax(logits) };
    },
    objective: ({ logits }) => ({
      loss: mean(crossEntropy(logits, shape)),
      metrics: { accuracy: accuracy(logits, shape) },
    }),
  });
}

export function shapesOptimizer(steps: number): Optimizer {
  const rate = cosine({ peak: 0.004, steps, warmup: Math.ceil(steps / 20) });
  return chain(clipByGlobalNorm(1), adamW(rate), weightAverage(0.98));
}
