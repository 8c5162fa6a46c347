import type { OptionsOf } from '@haat/kit';
import type { FitContext } from '@haat/training';
import type { RiskFacts, RiskParameters } from '../contract/index.ts';
import { problemOf } from '../features/index.ts';
import { TransmissionLearning, type TransmissionContext, type transmissionModel } from '../model/index.ts';
import { decodeLearning, encodeLearning } from './learning.codec.ts';

type LearningOptions = Pick<OptionsOf<typeof transmissionModel>, 'steps' | 'sweeps' | 'errorSweeps'>;

/** How often an estimation may be put down, ms of work: what an interruption costs at the most. */
const CHECKPOINT_MS = 10_000;

/**
 * Estimates rates from facts, beginning with those that are given. Put down between two steps, it goes on to the same bits.
 * Errors: those of `problemOf` and of the model's problems; the signal's reason when it is aborted.
 */
export async function learnedContext(
  facts: RiskFacts,
  given: RiskParameters,
  { steps, sweeps, errorSweeps }: LearningOptions,
  { seed, report, signal, checkpoints }: Pick<FitContext, 'seed' | 'report' | 'signal' | 'checkpoints'>,
): Promise<TransmissionContext> {
  const plan = { seed, steps, sweeps, sweepsForErrors: errorSweeps };
  const learning = new TransmissionLearning(problemOf(facts, given), plan);
  const before = await checkpoints?.load();
  if (before) learning.restore(decodeLearning(before));
  let kept = performance.now();
  while (!learning.finished) {
    learning.step();
    report({ fraction: learning.done / learning.total, ...progressOf(learning, given) });
    // Lets messages of the parent in.
    await new Promise((resume) => setImmediate(resume));
    const now = performance.now();
    if (signal.aborted || now - kept >= CHECKPOINT_MS) {
      await checkpoints?.save(encodeLearning(learning.checkpoint()));
      kept = now;
    }
    signal.throwIfAborted();
  }
  const { parameters, estimates, history } = learning.result();
  return { parameters, learned: { estimates, history } };
}

function progressOf({ history, plan, done, total }: TransmissionLearning, { channels }: RiskParameters) {
  const names = ['external', ...channels.map(({ name }) => name)];
  const figures = Object.fromEntries(names.map((name, k) => [name, history.at(-1)![k]!]));
  const settling = history.length < plan.steps;
  const message = settling ? `step ${history.length} of ${plan.steps}` : `standard errors, sweep ${done} of ${total}`;
  return { message, figures };
}
