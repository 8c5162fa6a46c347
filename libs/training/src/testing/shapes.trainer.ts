import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { openModel } from '@haat/model-runtime';
import { fitNetwork, networkArtifact, type FitRunOptions } from '../network/index.ts';
import type { FitContext, GroupLosses, Trainer } from '../trainer.ts';
import { drawnShapes, openShapes, shapeNames, shapeSize, type ShapesData } from './drawn.shapes.ts';
import { encodePictures, shapesModel, type Picture } from './shapes.model.ts';
import { shapesNetwork, shapesOptimizer } from './shapes.network.ts';

/** The facts: how many pictures there are to train on, and how they are drawn. */
export interface ShapesSource extends ShapesData {
  readonly pictures: number;
}

/** Pictures that nobody trains on. */
const heldOutPictures = 480;
const heldOut = ({ seed, noise }: ShapesData): ShapesData => ({ seed: seed + 1_000_003, noise });

/** Some drawn pictures as a request brings them, with the classes that they show. */
export async function drawnPictures(
  data: ShapesData,
  rows: number,
): Promise<{ pictures: Picture[]; shape: BigInt64Array }> {
  const image = new Float32Array(rows * shapeSize ** 2);
  const shape = new BigInt64Array(rows);
  const fill = await openShapes(data);
  fill({ epoch: 0, seed: 0, rows: Uint32Array.from({ length: rows }, (_, i) => i) }, { image, shape });
  const pictures = Array.from({ length: rows }, (_, i) => ({
    picture: Array.from(image.subarray(i * shapeSize ** 2, (i + 1) * shapeSize ** 2), (level) =>
      Math.round(255 * level),
    ),
  }));
  return { pictures, shape };
}

/** Trains `packaging/shapes`; `run`: how its fits are run. */
export function shapesTrainerWith(run: FitRunOptions): Trainer<typeof shapesModel, ShapesSource, ShapesSource> {
  return {
    definition: shapesModel,

    async snapshot(source, _asOf, file) {
      await writeFile(file, JSON.stringify(source));
      return { rows: source.pictures, revision: 0 };
    },

    read: async (file) => JSON.parse(await readFile(file, 'utf8')) as ShapesSource,

    async fit(data, { width, steps, batch, checkpointEvery }, context) {
      const network = shapesNetwork(width);
      const fitted = await fitNetwork(
        {
          network,
          optimizer: shapesOptimizer(steps),
          training: { source: drawnShapes(data.pictures, data), batch, lastBatch: 'drop' },
          validation: { source: drawnShapes(heldOutPictures, { ...data, seed: data.seed + 1 }), batch: 120 },
          steps,
          evaluateEvery: Math.ceil(steps / 3),
          averaged: true,
          stopping: { metric: 'loss', better: 'lower', patience: 3 },
        },
        named(context),
        { ...run, checkpoint: { everySteps: checkpointEvery } },
      );
      const { pictures: examples } = await drawnPictures(data, 96);
      return networkArtifact({ definition: shapesModel, network, encode: encodePictures }, fitted, {
        examples,
        lineage: {
          dataset: context.dataset,
          heldOut: { digest: digestOf(heldOut(data)) },
          seed: context.seed,
          options: { width, steps, batch, checkpointEvery },
        },
      });
    },

    async evaluate(artifact, data) {
      const { pictures, shape } = await drawnPictures(heldOut(data), heldOutPictures);
      const open = await openModel(artifact, { encode: encodePictures });
      const { probability } = await open.run(encodePictures(pictures, null)).finally(() => open.close());
      const loss = Float64Array.from(
        shape,
        (own, row) => -Math.log(probability![row * shapeNames.length + Number(own)]!),
      );
      const told = Array.from(shape, (own, row) => {
        const of = probability!.subarray(row * shapeNames.length, (row + 1) * shapeNames.length);
        return Number(of.indexOf(Math.max(...of)) === Number(own));
      });
      const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
      const losses: GroupLosses = { metric: 'logLoss', loss, weight: new Float64Array(loss.length).fill(1) };
      return {
        metrics: { accuracy: mean(told), logLoss: mean(Array.from(loss)) },
        heldOut: { digest: digestOf(heldOut(data)), rows: loss.length, groups: loss.length },
        losses: [losses],
      };
    },
  };
}

export const shapesTrainer = shapesTrainerWith({ threads: 1 });

/** The context, with the process named in each report, for who wants to kill it. */
function named(context: FitContext): FitContext {
  const report: FitContext['report'] = ({ message, ...progress }) =>
    context.report({ ...progress, message: `${message}; process ${process.pid}` });
  return { ...context, report };
}

function digestOf(data: ShapesData): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('hex');
}
