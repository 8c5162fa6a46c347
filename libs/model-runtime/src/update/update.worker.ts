import { workerData } from 'node:worker_threads';
import { PassQueue, type UpdateWork } from './update.passes.ts';

/** The program of a thread that helps with updates until it is ended. It sleeps between rounds. */
const queue = new PassQueue(workerData as UpdateWork);
for (;;) {
  queue.waitForRound();
  queue.help();
}
