import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { riskError } from '../contract/index.ts';
import {
  populationOf,
  type ChainCheckpoint,
  type ChainSums,
  type ContactIndex,
  type Observations,
  type SamplingPlan,
} from '../model/index.ts';
import { runChain } from './run.chain.ts';

/** What a thread is told. */
export interface ChainOrder {
  readonly observations: Observations;
  readonly contacts: ContactIndex;
  readonly plan: SamplingPlan;
  /** Numbers of the chains that it runs. */
  readonly chains: readonly number[];
  readonly resume: ReadonlyMap<number, ChainCheckpoint>;
  /** Sweeps between two checkpoints; null: none but when stopped. */
  readonly checkpointEvery: number | null;
  /** Shared by all threads: 1 in the first asks to stop; then, for each chain, its sweeps that are done. */
  readonly control: Int32Array;
}

/** What a thread says. */
export type ChainMessage =
  | { readonly kind: 'checkpoint'; readonly chain: number; readonly checkpoint: ChainCheckpoint }
  | { readonly kind: 'finished'; readonly chain: number; readonly sums: ChainSums };

export interface ThreadOptions {
  /** 0: in the caller's thread. */
  readonly threads: number;
  readonly nodeArguments?: readonly string[] | undefined;
  readonly onCheckpoint?: ((chain: number, checkpoint: ChainCheckpoint) => void) | undefined;
}

const program = fileURLToPath(import.meta.resolve('#chain-worker'));

/**
 * Runs all chains of a plan in threads. Which thread runs a chain changes nothing of it.
 * @returns the sums of each chain that came to its end
 * @throws INFERENCE_FAILED
 */
export async function runChains(
  order: Omit<ChainOrder, 'chains'>,
  { threads, nodeArguments, onCheckpoint }: ThreadOptions,
): Promise<ReadonlyMap<number, ChainSums>> {
  const { chains } = order.plan;
  const finished = new Map<number, ChainSums>();
  const hear = (message: ChainMessage) => {
    if (message.kind === 'finished') finished.set(message.chain, message.sums);
    else onCheckpoint?.(message.chain, message.checkpoint);
  };
  if (threads === 0) {
    const here = { ...order, chains: Array.from({ length: chains }, (_, chain) => chain) };
    const population = populationOf(order.observations, order.contacts);
    for (const chain of here.chains) if (!(await runChain(population, here, chain, hear, setImmediate))) break;
    return finished;
  }
  const count = Math.min(threads, chains);
  const shares = Array.from({ length: count }, (_, thread) =>
    Array.from({ length: chains }, (_, chain) => chain).filter((chain) => chain % count === thread),
  );
  const workers: Worker[] = [];
  try {
    await Promise.all(
      shares.map(async (share) => {
        const workerData: ChainOrder = { ...order, chains: share };
        const worker = new Worker(program, { workerData, ...(nodeArguments && { execArgv: [...nodeArguments] }) });
        workers.push(worker);
        await new Promise<void>((resolve, reject) => {
          worker.on('message', hear);
          worker.on('error', (cause) =>
            reject(riskError('INFERENCE_FAILED', `A thread of chains ended: ${cause.message}`, {}, cause)),
          );
          worker.on('exit', (code) => {
            if (code === 0) resolve();
            else reject(riskError('INFERENCE_FAILED', `A thread of chains ended with status ${code}`, { code }));
          });
        });
      }),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return finished;
}
