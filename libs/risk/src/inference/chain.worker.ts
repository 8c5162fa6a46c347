import { parentPort, workerData } from 'node:worker_threads';
import { populationOf } from '../model/index.ts';
import type { ChainOrder } from './chain.threads.ts';
import { runChain } from './run.chain.ts';

/** The program of a thread that runs chains, one after the other. */
const order = workerData as ChainOrder;
const population = populationOf(order.observations, order.contacts);

for (const chain of order.chains) {
  if (!(await runChain(population, order, chain, (message) => parentPort!.postMessage(message)))) break;
}
