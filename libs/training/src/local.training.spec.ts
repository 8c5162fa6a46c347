import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineModel } from '@haat/kit';
import { contentStore } from '@haat/data-access';
import { z } from 'zod';
import { trainLocally } from './local.training.ts';
import type { Trainer } from './trainer.ts';

const definition = defineModel({
  name: 'toy/mean',
  title: 'Mean',
  owner: 'tests',
  intendedUse: 'Tests',
  limitations: [],
  kind: 'convex',
  input: z.number(),
  features: { x: { dtype: 'float64', unit: '1', doc: '' } },
  target: { unit: '1', doc: '' },
  outputs: { y: { dtype: 'float64', unit: '1', doc: '', shape: ['n'] } },
  options: z.strictObject({ shift: z.number().default(0) }),
  recipe: { algorithm: 'mean', source: '' },
  metrics: { error: { unit: '1', doc: '', better: 'lower' } },
  gates: [
    { metric: 'error', atMost: 5 },
    { metric: 'error', noWorseThanChampion: true },
  ],
  serving: { maxBatch: 1, timeoutMs: 1, record: 1, fallback: '' },
});

/** The mean of the even entries as text, measured on the odd ones. */
const trainer: Trainer<typeof definition, readonly number[], readonly number[]> = {
  definition,
  async snapshot(source, _asOf, file) {
    await writeFile(file, JSON.stringify(source));
    return { rows: source.length, revision: 0 };
  },
  read: async (file) => JSON.parse(await readFile(file, 'utf8')),
  async fit(data, { shift }, { signal }) {
    signal.throwIfAborted();
    const even = data.filter((_, i) => i % 2 === 0);
    return new TextEncoder().encode(String(shift + even.reduce((a, b) => a + b, 0) / even.length));
  },
  async evaluate(artifact, data) {
    const mean = Number(new TextDecoder().decode(artifact));
    const loss = Float64Array.from(
      data.filter((_, i) => i % 2 === 1),
      (x) => Math.abs(x - mean),
    );
    return {
      metrics: { error: loss.reduce((a, b) => a + b, 0) / loss.length },
      heldOut: { digest: 'odd', rows: loss.length, groups: loss.length },
      losses: [{ metric: 'error', loss, weight: loss.map(() => 1) }],
    };
  },
};

describe('trainLocally', () => {
  let directory: string;
  beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'haat-local-training-'))));
  afterAll(() => rm(directory, { recursive: true }));

  const train = (model: unknown, more: object = {}) =>
    trainLocally(
      trainer,
      [1, 2, 3, 4, 5, 6],
      { asOf: new Date('2025-01-01T00:00:00Z'), seed: 1, model },
      { store: contentStore(directory), ...more },
    );

  it('takes a model from facts to judged gates, each step told', async () => {
    const steps: string[] = [];
    const run = await train({}, { report: ({ step }: { step: string }) => steps.push(step) });
    expect(new TextDecoder().decode(run.artifact)).toBe('3');
    expect(run.evaluation).toEqual({
      metrics: { error: 5 / 3 },
      heldOut: { digest: 'odd', rows: 3, groups: 3 },
      comparisons: [],
    });
    expect(run.gates.map(({ passed }) => passed)).toEqual([true, true]);
    expect(run.snapshot).toMatchObject({ rows: 6, asOf: '2025-01-01T00:00:00.000Z' });
    expect(new Set(steps)).toEqual(new Set(['snapshot', 'evaluate', 'gates']));
    expect(await contentStore(directory).get(run.candidate.digest)).toEqual(Buffer.from('3'));
  });

  it('holds a worse candidate against the champion', async () => {
    const champion = { version: 7, artifact: new TextEncoder().encode('4') };
    const run = await train({ shift: 3 }, { champion });
    expect(run.evaluation.comparisons[0]).toMatchObject({ championVersion: 7, candidate: 2, champion: 4 / 3 });
    expect((await train({ shift: 90 }, { champion })).gates.map(({ passed }) => passed)).toEqual([false, false]);
  });

  it('refuses options that the model does not know how to read', async () => {
    await expect(train({ shift: 'much' })).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
      message: 'Options of toy/mean: shift: expected number, got string',
      details: { field: 'shift' },
    });
    await expect(train({ shft: 1 })).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
      message: 'Options of toy/mean: shft: the model has no such option; it has shift',
      details: { field: 'shft' },
    });
  });

  it('stops when it is told to', async () => {
    await expect(train({}, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});
