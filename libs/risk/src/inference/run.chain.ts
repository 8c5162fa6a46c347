import { ChainRun, type Population } from '../model/index.ts';
import type { ChainMessage, ChainOrder } from './chain.threads.ts';

/**
 * Runs one chain to its end, or until it is asked to stop, and tells of it.
 * @param pause awaited after every sweep, where the thread has other things to do too
 * @returns whether it came to its end
 */
export async function runChain(
  population: Population,
  { plan, resume, checkpointEvery, control }: ChainOrder,
  chain: number,
  post: (message: ChainMessage) => void,
  pause?: () => Promise<void>,
): Promise<boolean> {
  const run = new ChainRun(population, plan, chain);
  const checkpoint = resume.get(chain);
  if (checkpoint) run.restore(checkpoint);
  Atomics.store(control, chain + 1, run.done);
  while (!run.finished) {
    run.step();
    Atomics.store(control, chain + 1, run.done);
    if (pause) await pause();
    const stopped = Atomics.load(control, 0) === 1;
    const due = checkpointEvery !== null && run.done % checkpointEvery === 0 && !run.finished;
    if (stopped || due) post({ kind: 'checkpoint', chain, checkpoint: run.checkpoint() });
    if (stopped) return false;
  }
  post({ kind: 'finished', chain, sums: run.sums });
  return true;
}
