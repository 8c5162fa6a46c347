import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelCard, type ModelDefinition } from '@haat/kit';
import { readMetadata } from '@haat/model-runtime';
import { parseOptions } from '../run.options.ts';
import type { Trainer } from '../trainer.ts';

/** One thing that holds for every model: `check` throws where it does not. */
export interface ModelLaw {
  readonly name: string;
  readonly check: () => Promise<void>;
}

/** A declared model, and a world small enough to train on in a second. */
export interface TrainerUnderTest<D extends ModelDefinition, Source, Data> {
  readonly trainer: Trainer<D, Source, Data>;
  readonly source: Source;
  readonly asOf: Date;
}

/** What came out of training twice on the same facts. */
export interface Trained<Data> {
  readonly snapshots: readonly [Uint8Array, Uint8Array];
  readonly data: Data;
  readonly artifact: Uint8Array;
  readonly again: Uint8Array;
}

/** The laws of training, whatever the kind of the model. */
export function trainedLaws<D extends ModelDefinition, Source, Data>(
  trainer: Trainer<D, Source, Data>,
  trained: () => Promise<Trained<Data>>,
): ModelLaw[] {
  const { definition } = trainer;
  return [
    {
      name: 'its card is plain JSON',
      check: async () => {
        const card = modelCard(definition);
        assert.deepEqual(JSON.parse(JSON.stringify(card)), card);
      },
    },
    {
      name: 'the same facts give the same snapshot, to the byte',
      check: async () => {
        const [one, two] = (await trained()).snapshots;
        assert.deepEqual(one, two);
      },
    },
    {
      name: 'the same seed gives the same artifact, to the byte',
      check: async () => {
        const { artifact, again } = await trained();
        assert.deepEqual(artifact, again);
      },
    },
    {
      name: 'evaluation gives every declared metric, as a number, twice the same',
      check: async () => {
        const { artifact, data } = await trained();
        const evaluation = await trainer.evaluate(artifact, data);
        assert.deepEqual(Object.keys(evaluation.metrics).sort(), Object.keys(definition.metrics).sort());
        for (const [name, value] of Object.entries(evaluation.metrics)) assert.ok(Number.isFinite(value), name);
        for (const { metric, loss, weight } of evaluation.losses) {
          const mean = loss.reduce((a, b) => a + b, 0) / weight.reduce((a, b) => a + b, 0);
          assert.ok(Math.abs(mean - evaluation.metrics[metric]!) < 1e-9, `losses of ${metric} by group`);
        }
        assert.deepEqual(await trainer.evaluate(artifact, data), evaluation);
      },
    },
    {
      name: 'the artifact names the held-out part that it is measured on',
      check: async () => {
        const { artifact, data } = await trained();
        const { heldOut } = await trainer.evaluate(artifact, data);
        const { lineage } = readMetadata(artifact);
        assert.equal(lineage.heldOut.digest, heldOut.digest);
      },
    },
  ];
}

/** Makes it once, however many ask. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** Trains once, however many laws ask. */
export function trainedOnce<D extends ModelDefinition, Source, Data>(
  subject: TrainerUnderTest<D, Source, Data>,
): () => Promise<Trained<Data>> {
  return once(() => train(subject));
}

async function train<D extends ModelDefinition, Source, Data>({
  trainer,
  source,
  asOf,
}: TrainerUnderTest<D, Source, Data>): Promise<Trained<Data>> {
  const folder = await mkdtemp(join(tmpdir(), 'haat-laws-'));
  try {
    const files = [join(folder, 'one.parquet'), join(folder, 'two.parquet')] as const;
    const { rows } = await trainer.snapshot(source, asOf, files[0]);
    await trainer.snapshot(source, asOf, files[1]);
    const data = await trainer.read(files[0]);
    const fit = () =>
      trainer.fit(data, parseOptions(trainer.definition, {}), {
        seed: 1,
        dataset: { digest: '0'.repeat(64), rows, asOf: asOf.toISOString() },
        report: () => undefined,
        signal: new AbortController().signal,
      });
    return {
      snapshots: [await readFile(files[0]), await readFile(files[1])],
      data,
      artifact: await fit(),
      again: await fit(),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
