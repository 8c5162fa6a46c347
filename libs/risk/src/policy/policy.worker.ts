import { parentPort, workerData } from 'node:worker_threads';
import type { PolicyExperiment } from './policy.experiment.ts';
import { runPolicy } from './policy.run.ts';
import type { PolicyJob, PolicyAnswer } from './simulate.policies.ts';

/** The program of a thread that runs policies, one at a time. */
const experiment = workerData as PolicyExperiment;

parentPort!.on('message', ({ policy, seed }: PolicyJob) => {
  let answer: PolicyAnswer;
  try {
    answer = { outcome: runPolicy(experiment, policy, seed) };
  } catch (thrown) {
    answer = { failure: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) };
  }
  parentPort!.postMessage(answer);
});
