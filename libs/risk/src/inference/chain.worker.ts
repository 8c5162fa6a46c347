import { parentPort, workerData } from 'node:worker_threads';
import { ChainRun, populationOf } from '../model/index.ts';
import type { ChainMessage, ChainOrder } from './chain.threads.ts';

/** The program of a thread that runs chains, one after the other. */
const { observations, contacts, plan, chains, resume, checkpointEvery, control } = workerData as ChainOrder;
const population = populationOf(observations, contacts);
const post = (message: ChainMessage) => parentPort!.postMessage(message);

for (const chain of chains) {
  const run = new ChainRun(population, plan, chain);
  const checkpoint = resume.get(chain);
  if (checkpoint) run.restore(checkpoint);
  Atomics.store(control, chain + 1, run.done);
  let stopped = false;
  while (!run.finished && !stopped) {
    run.step();
    Atomics.store(control, chain + 1, run.done);
    stopped = Atomics.load(control, 0) === 1;
    const due = checkpointEvery !== null && run.done % checkpointEvery === 0 && !run.finished;
    if (stopped || due) post({ kind: 'checkpoint', chain, checkpoint: run.checkpoint() });
  }
  if (stopped) break;
  post({ kind: 'finished', chain, sums: run.sums });
}
