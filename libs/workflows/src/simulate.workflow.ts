import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import { computeStep, controlStep } from './activity.options.ts';
import { domainErrorOf } from './failure.mapping.ts';
import type { SimulateActivities, SimulateInput, SimulateResult, SimulateStep } from './simulate.contract.ts';

const control = proxyActivities<SimulateActivities>(controlStep);
const compute = proxyActivities<SimulateActivities>(computeStep);

/** Lets policies meet the same worlds. What each comes to is a function of policy and seed, whatever the number of workers. */
export async function simulatePolicy(input: SimulateInput): Promise<SimulateResult> {
  const { runId, model, options } = input;
  const begin = (step: SimulateStep) => control.beginSimulateStep({ runId, model, step });
  try {
    await control.openSimulation(input);
    await begin('plan');
    const ref = await control.planSimulation(input);
    await begin('simulate');
    await Promise.all(
      Array.from({ length: options.seeds }, (_, k) => compute.simulateSeed({ runId, model, seed: options.seed + k })),
    );
    await begin('summarise');
    const metrics = await control.summariseSimulation({ runId, model });
    const result = { ref, metrics };
    await control.completeSimulation({ runId, result });
    return result;
  } catch (caught) {
    const { code, message } = domainErrorOf(caught);
    const state = code === 'RUN_CANCELLED' ? 'cancelled' : 'failed';
    await CancellationScope.nonCancellable(() => control.failSimulation({ runId, model, state, code, message }));
    throw caught;
  }
}
