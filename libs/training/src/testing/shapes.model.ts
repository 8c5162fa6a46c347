import { z } from 'zod';
import { defineModel } from '@haat/kit';
import type { Encode } from '@haat/model-runtime';
import { networkFacts } from '@haat/onnx';
import { shapeNames, shapeSize } from './drawn.shapes.ts';
import { shapesNetwork } from './shapes.network.ts';

const pixels = shapeSize ** 2;

/** A picture in 256 levels of grey, row by row. */
const pictureSchema = z.strictObject({ picture: z.array(z.int().min(0).max(255)).length(pixels) });
export type Picture = z.output<typeof pictureSchema>;

/** Tells drawn shapes apart: a small model of the kind `network`, declared as any other. */
export const shapesModel = defineModel({
  name: 'packaging/shapes',
  title: 'Drawn shapes',
  owner: 'platform',
  intendedUse: 'Tests of everything that a network goes through, from its snapshot to what it serves',
  limitations: ['Knows shapes as they are drawn here'],
  kind: 'network',
  network: networkFacts(shapesNetwork(16), {
    description: 'Three convolutions, a pool, two dense layers (with the default width)',
    optimizer: 'AdamW, one cosine, clipped at norm 1; averaged weights serve',
    seed: 5,
  }),
  input: pictureSchema,
  features: { image: { dtype: 'float32', unit: '1', doc: 'Grey in [0, 1]', sizes: [1, shapeSize, shapeSize] } },
  target: { unit: '1', doc: `The class: ${shapeNames.join(', ')}` },
  outputs: {
    logits: { dtype: 'float32', unit: 'nat', shape: ['n', 'shapes'], doc: 'Log-odds up to a constant' },
    probability: { dtype: 'float32', unit: '1', shape: ['n', 'shapes'], doc: 'Sums to 1' },
  },
  options: z.object({
    width: z.int().min(1).default(16),
    steps: z.int().min(1).default(450),
    batch: z.int().min(1).default(64),
    checkpointEvery: z.int().min(1).default(10),
  }),
  recipe: { algorithm: 'Cross entropy by AdamW', source: 'none' },
  metrics: {
    accuracy: { unit: '1', doc: 'Share of held-out pictures that are told right', better: 'higher' },
    logLoss: { unit: 'nat', doc: 'Mean negative log-likelihood of a held-out picture', better: 'lower' },
  },
  gates: [
    { metric: 'accuracy', atLeast: 0.5 },
    { metric: 'logLoss', noWorseThanChampion: true },
  ],
  serving: { maxBatch: 256, timeoutMs: 1_000, record: 0, fallback: 'none' },
});

/** Pictures as the graph takes them. */
export const encodePictures: Encode = (inputs) => ({
  rows: inputs.length,
  columns: {
    image: Float32Array.from(
      inputs.flatMap((input) => pictureSchema.parse(input).picture),
      (level) => level / 255,
    ),
  },
});
