import { parentPort, workerData } from 'node:worker_threads';
import type { BatchAnswer, BatchRequest } from './batch.pool.ts';
import type { FillBatch, OpenRows, RowSource } from './row.source.ts';

/** The program of a thread that fills batches, in the order in which they are asked for. */
const sources = workerData as Readonly<Record<string, RowSource>>;

async function open({ module, name, data }: RowSource): Promise<FillBatch> {
  const exported = ((await import(module)) as Record<string, unknown>)[name];
  if (typeof exported !== 'function') throw new TypeError(`${module} exports no function "${name}"`);
  return (exported as OpenRows<unknown>)(data);
}

const opened = Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, open(source)]));

parentPort!.on('message', async ({ id, source, order, into }: BatchRequest) => {
  let failure: string | null = null;
  try {
    (await opened[source]!)(order, into);
  } catch (thrown) {
    failure = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  }
  parentPort!.postMessage({ id, failure } satisfies BatchAnswer);
});
