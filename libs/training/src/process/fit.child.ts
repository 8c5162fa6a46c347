import { existsSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isDomainError } from '@haat/kit';
import { datasetOf } from '../local.training.ts';
import { writeWhole, type Checkpoints } from '../network/checkpoints.ts';
import { parseOptions } from '../run.options.ts';
import type { FitProgress } from '../trainer.ts';
import { checkpointBeside, type FitOrder, type FitReport, type StopOrder } from './fit.job.ts';
import { fitFrom } from './trainer.module.ts';

/** The program of the forked process: one fit, from a snapshot file to an artifact file. Whatever else happens goes to stderr. */
const parent = process.ppid;

const REMOVALS = 20;

function tell(report: FitReport): Promise<void> {
  return new Promise((resolve) => (process.send ? process.send(report, () => resolve()) : resolve()));
}

/** A fit whose parent died computes for nobody, and its folder is nobody's: removed again where a write in flight put a file into it. */
function abandon({ artifactFile }: FitOrder): never {
  const folder = dirname(artifactFile);
  for (let attempt = 0; attempt < REMOVALS && existsSync(folder); attempt++) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch (failure) {
      if (attempt === REMOVALS - 1) process.stderr.write(`${folder} stays: ${String(failure)}\n`);
    }
  }
  process.exit(1);
}

const now = () => performance.timeOrigin + performance.now();

/** Tells when a part began and ended, for the trace that the parent tells. */
async function part<T>(name: string, work: () => Promise<T>): Promise<T> {
  const from = now();
  try {
    return await work();
  } finally {
    await tell({ kind: 'part', name, from, until: now() });
  }
}

/** Loads what the parent gave; what is saved is the parent's to keep where the next process finds it. */
function checkpointsOf(order: FitOrder): Checkpoints {
  return {
    load: async () => (order.checkpointFile === undefined ? null : readFile(order.checkpointFile)),
    async save(bytes) {
      await writeWhole(checkpointBeside(order), bytes);
      await tell({ kind: 'checkpoint' });
    },
  };
}

async function fit(order: FitOrder, signal: AbortSignal): Promise<void> {
  const trainer = await part('load trainer', () => fitFrom(order.trainersModule, order.model));
  const options = parseOptions(trainer.definition, order.options);
  const data = await part('read snapshot', () => trainer.read(order.snapshotFile));
  const observer = {
    seed: order.seed,
    dataset: datasetOf(order.snapshot),
    report: (progress: FitProgress) => {
      // The event loop may not hear of the broken pipe for long: ask the system.
      if (process.ppid !== parent) abandon(order);
      void tell({ kind: 'progress', ...progress });
    },
    signal,
    checkpoints: checkpointsOf(order),
  };
  const artifact = await part('train', () => trainer.fit(data, options, observer));
  await part('write artifact', () => writeFile(order.artifactFile, artifact));
}

process.once('message', async (order: FitOrder) => {
  const stop = new AbortController();
  process.once('disconnect', () => abandon(order));
  process.on('message', ({ kind }: StopOrder) => kind === 'stop' && stop.abort());
  try {
    await fit(order, stop.signal);
    await tell({ kind: 'done' });
    process.exit(0);
  } catch (thrown) {
    if (stop.signal.aborted && thrown === stop.signal.reason) {
      await tell({ kind: 'stopped' });
      process.exit(0);
    }
    if (!isDomainError(thrown)) throw thrown;
    const { code, blame, message, details } = thrown;
    await tell({ kind: 'failed', code, blame, message, details });
    process.exit(0);
  }
});
