import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import { computeStep, controlStep, dataStep } from './activity.options.ts';
import { domainErrorOf } from './failure.mapping.ts';
import type { InferActivities, InferInput, InferResult, InferStep } from './infer.contract.ts';

const control = proxyActivities<InferActivities>(controlStep);
const data = proxyActivities<InferActivities>(dataStep);
const compute = proxyActivities<InferActivities>(computeStep);

/** Infers what a sampler says of everything observed. The number of workers changes when it is done, and nothing else. */
export async function inferModel(input: InferInput): Promise<InferResult> {
  const { runId, model, options } = input;
  const begin = (step: InferStep) => control.beginInferStep({ runId, model, step });
  try {
    await control.openInference(input);
    await begin('state');
    const problem = await data.stateProblem(input);
    await begin('sample');
    const chains = await Promise.all(
      Array.from({ length: options.chains }, (_, chain) => compute.runChain({ ...input, ...problem, chain })),
    );
    await begin('pool');
    const metrics = await data.poolChains({ ...input, ...problem, chains });
    const result = { ...problem, metrics };
    await control.completeInference({ runId, result });
    return result;
  } catch (caught) {
    const { code, message } = domainErrorOf(caught);
    const state = code === 'RUN_CANCELLED' ? 'cancelled' : 'failed';
    await CancellationScope.nonCancellable(() => control.failInference({ runId, model, state, code, message }));
    throw caught;
  }
}
