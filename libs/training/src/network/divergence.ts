import { compileDiagnosis, culpritOf, int64, type Objective, type Tensors } from '@haat/onnx';
import { TensorSession } from '@haat/model-runtime';
import { networkError } from './network.errors.ts';

/** What a step computed from: enough to compute it again and look where it went wrong. */
export interface StepInputs {
  readonly step: number;
  /** Parameters, states, and the bags of tables. */
  readonly tensors: Tensors;
  /** The batch, filled anew. */
  readonly batch: () => Promise<Tensors>;
}

/** The first tensor that holds something that is no finite number; null when all are finite. */
export function notFinite(tensors: Tensors): string | null {
  const found = Object.entries(tensors).find(
    ([, { data }]) => (data instanceof Float32Array || data instanceof Float64Array) && !data.every(Number.isFinite),
  );
  return found?.[0] ?? null;
}

/** NETWORK_DIVERGED with the step and the layer where numbers stopped being finite. `update`: what is so after the step. */
export async function divergence(objective: Objective, inputs: StepInputs, update: string | null) {
  const diagnosis = compileDiagnosis(objective);
  const session = await TensorSession.open(diagnosis.model);
  try {
    const kept = Object.fromEntries(diagnosis.tensors.map((name) => [name, inputs.tensors[name]!]));
    const batch = await inputs.batch();
    const asked = Object.fromEntries(Object.keys(diagnosis.batch).map((name) => [name, batch[name]!]));
    const results = await session.run({ ...kept, ...asked, step: int64([inputs.step], []) });
    const culprit = culpritOf(diagnosis, results) ?? (update === null ? 'a metric' : `update of ${update}`);
    return diverged(inputs.step, culprit);
  } finally {
    await session.release();
  }
}

export function diverged(step: number, culprit: string) {
  const message = `The fit stopped being a number in step ${step}, first at "${culprit}"`;
  return networkError('NETWORK_DIVERGED', message, { step, culprit });
}
