import { condition, defineQuery, defineSignal, patched, proxyActivities, setHandler } from '@temporalio/workflow';
import { closingStep, computeStep, controlStep, dataStep } from './activity.options.ts';
import { framedRun, type RunFrame } from './run.frame.ts';
import type {
  ApprovalOutcome,
  GateResult,
  PromotionDecision,
  PromotionOutcome,
  PromotionTerms,
  TrainingActivities,
  TrainInput,
  TrainResult,
  TrainStep,
} from './train.contract.ts';

const control = proxyActivities<TrainingActivities>(controlStep);
const data = proxyActivities<TrainingActivities>(dataStep);
const compute = proxyActivities<TrainingActivities>(computeStep);
const closing = proxyActivities<TrainingActivities>(closingStep);

/** The step that a training run is in. How far the step is stands in the run's row, which the step itself writes. */
export const currentStep = defineQuery<TrainStep>('currentStep');

/** Tells a run that waits for an approval that it was decided. Which decision counts stands in the database. */
export const decidePromotion = defineSignal<[PromotionDecision]>('decidePromotion');

/** Trains one version of one model. Returns references only; what happened on the way is in the run's row. */
export function trainModel(input: TrainInput): Promise<TrainResult> {
  const { runId, model } = input;
  let current: TrainStep = 'snapshot';
  let decided = false;
  setHandler(currentStep, () => current);
  setHandler(decidePromotion, () => void (decided = true));
  const begin = (step: TrainStep) => control.beginStep({ runId, model, step: (current = step) });
  const frame: RunFrame<TrainResult> = {
    open: () => control.openRun(input),
    complete: (result) => closing.completeRun({ runId, result }),
    fail: (failure) => closing.failRun({ runId, model, ...failure }),
  };
  return framedRun(frame, async () => {
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
    const terms = await termsOf(input, gates);
    let approval: ApprovalOutcome | null = null;
    if (terms.promote === 'when-approved') {
      await begin('approve');
      await control.askApproval({ runId, ref, timeoutHours: terms.timeoutHours });
      await condition(() => decided, `${terms.timeoutHours} hours`);
      approval = await control.closeApproval({ runId, model });
    }
    const promotion = outcomeOf(terms, approval);
    const promoted = promotion === 'promoted';
    if (promoted) await begin('promote');
    if (promoted) await control.promote({ runId, ref, actor: input.actor, ...answerOf(approval) });
    return { ref, metrics: evaluation.metrics, gates, promoted, promotion };
  });
}

/** Histories from before there were approvals decided by the options and the gates alone. */
async function termsOf(input: TrainInput, gates: readonly GateResult[]): Promise<PromotionTerms> {
  if (patched('approval')) return control.promotionTerms({ ...input, gates });
  if (input.options.promote === 'never') return { promote: 'not-asked' };
  return { promote: gates.every(({ passed }) => passed) ? 'now' : 'gates-not-passed' };
}

function outcomeOf({ promote }: PromotionTerms, approval: ApprovalOutcome | null): PromotionOutcome {
  if (promote !== 'when-approved') return promote === 'now' ? 'promoted' : promote;
  return approval?.state === 'approved' ? 'promoted' : (approval?.state ?? 'expired');
}

/** Who promotes, and why, where people were asked. */
function answerOf(approval: ApprovalOutcome | null): Pick<PromotionDecision, 'actor' | 'reason'> | object {
  return approval !== null && 'actor' in approval ? { actor: approval.actor, reason: approval.reason } : {};
}
