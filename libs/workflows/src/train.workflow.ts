import { CancellationScope, defineQuery, proxyActivities, setHandler } from '@temporalio/workflow';
import { computeStep, controlStep, dataStep } from './activity.options.ts';
import { domainErrorOf } from './failure.mapping.ts';
import type { TrainingActivities, TrainInput, TrainResult, TrainStep } from './train.contract.ts';

const control = proxyActivities<TrainingActivities>(controlStep);
const data = proxyActivities<TrainingActivities>(dataStep);
const compute = proxyActivities<TrainingActivities>(computeStep);

/** The step that a training run is in. How far the step is stands in the run's row, which the step itself writes. */
export const currentStep = defineQuery<TrainStep>('currentStep');

/** Trains one version of one model. Returns references only; what happened on the way is in the run's row. */
export async function trainModel(input: TrainInput): Promise<TrainResult> {
  const { runId, model, options } = input;
  let current: TrainStep = 'snapshot';
  setHandler(currentStep, () => current);
  const begin = (step: TrainStep) => control.beginStep({ runId, model, step: (current = step) });
  try {
    await control.openRun(input);
    await begin('snapshot');
    const snapshot = await data.snapshot(input);
    await begin('fit');
    const candidate = await compute.fit({ ...input, snapshot });
    await begin('evaluate');
    const evaluation = await data.evaluate({ ...input, snapshot, candidate });
    await begin('gates');
    const gates = await control.gates({ ...input, evaluation });
    await begin('register');
    const ref = await control.register({ ...input, snapshot, candidate, evaluation, gates });
    const promoted = options.promote === 'when-gates-pass' && gates.every(({ passed }) => passed);
    if (promoted) await begin('promote');
    if (promoted) await control.promote({ runId, ref });
    const result = { ref, metrics: evaluation.metrics, gates, promoted };
    await control.completeRun({ runId, result });
    return result;
  } catch (caught) {
    const { code, message } = domainErrorOf(caught);
    const state = code === 'RUN_CANCELLED' ? 'cancelled' : 'failed';
    await CancellationScope.nonCancellable(() => control.failRun({ runId, model, state, code, message }));
    throw caught;
  }
}
