import { defineModel, modelCard } from '@haat/kit';
import { buildModel, input, mean, type Shape } from '@haat/onnx';
import { z } from 'zod';
import { checkSignature } from './model.signature.ts';

const card = (sizes?: readonly number[]) =>
  modelCard(
    defineModel({
      name: 'packaging/pictures',
      title: 't',
      owner: 'o',
      intendedUse: 'u',
      limitations: [],
      kind: 'convex',
      input: z.object({}),
      features: { image: { dtype: 'float32', unit: '1', doc: 'i', ...(sizes && { sizes }) } },
      target: { unit: '1', doc: 'd' },
      outputs: { y: { dtype: 'float32', unit: '1', doc: 'y', shape: ['n'] } },
      options: z.object({}),
      recipe: { algorithm: 'a', source: 's' },
      metrics: {},
      gates: [],
      serving: { maxBatch: 1, timeoutMs: 1, record: 1, fallback: '' },
    }),
  );

function graph(shape: Shape): Uint8Array {
  const image = input('image', 'float32', shape);
  const axes = shape.slice(1).map((_, i) => i + 1);
  return buildModel({
    name: 'g',
    inputs: [image],
    outputs: { y: axes.length > 0 ? mean(image, axes) : mean(image, []) },
  });
}

describe('the inputs of a graph', () => {
  it.each<[Shape, readonly number[] | undefined]>([
    [['n', 1], undefined],
    [
      ['n', 1, 3, 2],
      [1, 3, 2],
    ],
    [['rows', 12], [12]],
  ])('%j are what the card says: sizes %j', (shape, sizes) => {
    expect(() => checkSignature(graph(shape), card(sizes))).not.toThrow();
  });

  it.each<[Shape, readonly number[] | undefined, string]>([
    [['n', 3], undefined, 'expected shape [n] or [n, 1], got [n, 3]'],
    [['n', 3], [3, 1], 'expected shape [n, 3, 1], got [n, 3]'],
    [['n', 3, 2], [2, 3], 'expected shape [n, 2, 3], got [n, 3, 2]'],
    [[4, 3], [3], 'expected shape [n, 3], got [4, 3]'],
  ])('%j are refused for sizes %j', (shape, sizes, message) => {
    expect(() => checkSignature(graph(shape), card(sizes))).toThrow(
      expect.objectContaining({ code: 'MODEL_REFUSED', message: expect.stringContaining(message) }),
    );
  });
});
