import type { Batch, ModelRef } from '@haat/kit';
import { graphArtifacts } from '@haat/model-runtime';
import { encodeProducts, type DamageContext } from '../model/index.ts';

/** How artifacts of `packaging/damage` are opened. */
export const openDamage = graphArtifacts<DamageContext>(encodeProducts);

/** An open version of `packaging/damage`: the graph, and what its artifact says of itself. */
export interface ServedModel {
  readonly ref: ModelRef;
  readonly open: {
    readonly metadata: { readonly context: DamageContext };
    run(batch: Batch): Promise<Readonly<Record<string, Float32Array | Float64Array>>>;
  };
}

/** Where the version that answers comes from: the registry's champion, or one artifact that was opened. */
export interface ModelProvider {
  /** Errors: MODEL_NOT_READY while there is none. */
  acquire(): Promise<ServedModel>;
}

/** The provider of one artifact that is open already. */
export function heldModel(served: ServedModel): ModelProvider {
  return { acquire: () => Promise.resolve(served) };
}
