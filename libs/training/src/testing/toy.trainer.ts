import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { defineModel, errorsOf } from '@haat/kit';
import type { Trainer } from '../trainer.ts';

/** The facts of the toy: the number of groups that are held out, each with one observation. */
export interface ToySource {
  readonly groups: number;
}

interface ToyArtifact {
  readonly loss: number;
  readonly seed: number;
  readonly dataset: string;
  readonly furtherMetrics: number;
  /** The step that the process which made it began with; only of a fit that saves checkpoints. */
  readonly begun?: number;
}

const toyError = errorsOf({ TOY_REFUSED: 'caller' });

export const toyModel = defineModel({
  name: 'packaging/toy',
  title: 'Toy',
  owner: 'platform',
  intendedUse: 'Tests of what runs, watches and ends training, whatever the model',
  limitations: ['Learns nothing'],
  kind: 'convex',
  input: z.object({}),
  features: {},
  target: { unit: '1', doc: 'none' },
  outputs: {},
  options: z.object({
    steps: z.int().min(1).default(2),
    millisecondsPerStep: z.int().min(0).default(0),
    /** What the evaluation will measure. */
    loss: z.number().default(0.5),
    furtherMetrics: z.int().min(0).default(0),
    /** Saves a checkpoint at every step, and goes on from it. */
    checkpointed: z.boolean().default(false),
    ending: z.enum(['artifact', 'refuses', 'throws', 'exits', 'diverges', 'hangs']).default('artifact'),
  }),
  recipe: { algorithm: 'waiting', source: 'none' },
  metrics: { loss: { unit: '1', doc: 'what the options said', better: 'lower' } },
  gates: [
    { metric: 'loss', atMost: 1 },
    { metric: 'loss', noWorseThanChampion: true },
  ],
  serving: { maxBatch: 1, timeoutMs: 1000, record: 0, fallback: 'none' },
});

/** A trainer that does what its options say: takes its time, answers, or comes to a bad end. */
export const toyTrainer: Trainer<typeof toyModel, ToySource, ToySource> = {
  definition: toyModel,

  async snapshot(source, asOf, file) {
    await writeFile(file, JSON.stringify({ ...source, asOf: asOf.toISOString() }));
    return { rows: source.groups, revision: 0 };
  },

  async read(file) {
    return JSON.parse(await readFile(file, 'utf8')) as ToySource;
  },

  async fit(_data, options, { seed, dataset, report, signal, checkpoints }) {
    const { steps, millisecondsPerStep, loss, furtherMetrics, ending, checkpointed } = options;
    const saved = checkpointed ? await checkpoints?.load() : null;
    const begun = Number(new TextDecoder().decode(saved ?? new Uint8Array()));
    for (let step = begun; step < steps; step += 1) {
      if (checkpointed) {
        await checkpoints?.save(new TextEncoder().encode(String(step)));
        signal.throwIfAborted();
      }
      report({ fraction: step / steps, message: `step ${step} of ${steps} in process ${process.pid}` });
      await sleep(millisecondsPerStep);
    }
    switch (ending) {
      case 'refuses':
        throw toyError('TOY_REFUSED', 'The toy refuses', { steps });
      case 'throws':
        throw new TypeError('the toy broke');
      case 'exits':
        process.stderr.write('out of toys\n');
        return process.exit(7);
      case 'diverges':
        report({ fraction: NaN, message: 'loss is NaN' });
        return sleep(60_000, new Uint8Array());
      case 'hangs':
        for (;;);
      case 'artifact':
        return new TextEncoder().encode(
          JSON.stringify({
            ...{ loss, seed, dataset: dataset.digest, furtherMetrics },
            ...(checkpointed && { begun }),
          } satisfies ToyArtifact),
        );
    }
  },

  async evaluate(artifact, { groups }) {
    const { loss, furtherMetrics, begun } = JSON.parse(new TextDecoder().decode(artifact)) as ToyArtifact;
    return {
      metrics: {
        loss,
        ...(begun !== undefined && { begun }),
        ...Object.fromEntries(Array.from({ length: furtherMetrics }, (_, i) => [`further${i}`, 0])),
      },
      heldOut: { digest: `toy-${groups}`, rows: groups, groups },
      losses: [{ metric: 'loss', loss: new Float64Array(groups).fill(loss), weight: new Float64Array(groups).fill(1) }],
    };
  },
};

/** The toy whose promotion people approve, within two seconds. */
export const hastyTrainer: Trainer<typeof toyModel, ToySource, ToySource> = {
  ...toyTrainer,
  definition: {
    ...toyModel,
    name: 'packaging/hasty',
    promotion: { policy: 'approval', timeoutHours: 2 / 3_600 },
  },
};
