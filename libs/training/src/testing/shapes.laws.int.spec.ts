import { shapesNetwork } from './shapes.network.ts';
import { encodePictures } from './shapes.model.ts';
import { drawnPictures, shapesTrainerWith } from './shapes.trainer.ts';
import { modelLaws } from './model.laws.ts';

const nodeArguments = ['--conditions=@haat/source', '--experimental-transform-types', '--no-warnings'];

/** Quick to fit, and to the same bits. */
const trainer = shapesTrainerWith({ threads: 1, nodeArguments });
const { pictures, shape } = await drawnPictures({ seed: 77, noise: 0.3 }, 13);

describe('packaging/shapes keeps the contract of models', () => {
  const laws = modelLaws({
    trainer: { ...trainer, fit: (data, options, context) => trainer.fit(data, { ...options, steps: 30 }, context) },
    source: { pictures: 5_000, seed: 3, noise: 0.15 },
    asOf: new Date('2026-01-01T00:00:00Z'),
    encode: encodePictures,
    inputs: pictures,
    network: shapesNetwork(16),
    truth: { shape: { dtype: 'int64', shape: [13], data: shape } },
  });
  it.each(laws)('$name', ({ check }) => check());
});
