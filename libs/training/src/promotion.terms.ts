import type { ModelDefinition } from '@haat/kit';
import type { GateResult, PromotionTerms, TrainOptions } from '@haat/workflows';

/** Hours that a run waits which was asked to, though its model's policy does not say how long. */
const HOURS_WHEN_ASKED = 72;

/** Who promotes: a request may ask for an approval where the policy does not, and cannot spare one where it does. */
export function promotionTerms(
  { promotion = { policy: 'automatic' } }: Pick<ModelDefinition, 'promotion'>,
  { promote }: Pick<TrainOptions, 'promote'>,
  gates: readonly GateResult[],
): PromotionTerms {
  if (promote === 'never') return { promote: 'not-asked' };
  if (!gates.every(({ passed }) => passed)) return { promote: 'gates-not-passed' };
  if (promotion.policy === 'approval') return { promote: 'when-approved', timeoutHours: promotion.timeoutHours };
  return promote === 'when-approved'
    ? { promote: 'when-approved', timeoutHours: HOURS_WHEN_ASKED }
    : { promote: 'now' };
}
