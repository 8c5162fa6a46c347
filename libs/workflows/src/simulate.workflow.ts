import { proxyActivities } from '@temporalio/workflow';
import { closingStep, computeStep, controlStep } from './activity.options.ts';
import { framedRun } from './run.frame.ts';
import type { SimulateActivities, SimulateInput, SimulateResult, SimulateStep } from './simulate.contract.ts';

const control = proxyActivities<SimulateActivities>(controlStep);
const compute = proxyActivities<SimulateActivities>(computeStep);
const closing = proxyActivities<SimulateActivities>(closingStep);

/** Lets policies meet the same worlds. What each comes to is a function of policy and seed, whatever the number of workers. */
export function simulatePolicy(input: SimulateInput): Promise<SimulateResult> {
  const { runId, model, options } = input;
  const begin = (step: SimulateStep) => control.beginSimulateStep({ runId, model, step });
  return framedRun<SimulateResult>(
    {
      open: () => control.openSimulation(input),
      complete: (result) => closing.completeSimulation({ runId, result }),
      fail: (failure) => closing.failSimulation({ runId, model, ...failure }),
    },
    async () => {
      await begin('plan');
      const ref = await control.planSimulation(input);
      await begin('simulate');
      await Promise.all(
        Array.from({ length: options.seeds }, (_, k) => compute.simulateSeed({ runId, model, seed: options.seed + k })),
      );
      await begin('summarise');
      return { ref, metrics: await control.summariseSimulation({ runId, model }) };
    },
  );
}
