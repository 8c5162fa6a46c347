/** When to stop: the metric of held-out rows got no better for `patience` evaluations. The best weights are those that are kept. */
export interface StoppingRule {
  /** `loss`, or a metric of the network's objective. */
  readonly metric: string;
  readonly better: 'lower' | 'higher';
  /** Evaluations without an improvement after which the fit ends. */
  readonly patience: number;
  /** Least difference that counts as better, default 0. */
  readonly least?: number;
}

/** Where the rule stands. Plain JSON. */
export interface StoppingState {
  readonly best: number | null;
  /** Steps that were done at the best evaluation. */
  readonly bestStep: number | null;
  /** Evaluations since then. */
  readonly since: number;
}

export const notStopped: StoppingState = { best: null, bestStep: null, since: 0 };

/** The state after an evaluation; its `since` is 0 exactly when that evaluation is the best so far. */
export function afterEvaluation(
  { better, least = 0 }: StoppingRule,
  state: StoppingState,
  { value, step }: { readonly value: number; readonly step: number },
): StoppingState {
  const gain = state.best === null ? Infinity : better === 'higher' ? value - state.best : state.best - value;
  return gain > least ? { best: value, bestStep: step, since: 0 } : { ...state, since: state.since + 1 };
}

export function isExhausted({ patience }: StoppingRule, { since }: StoppingState): boolean {
  return since >= patience;
}
