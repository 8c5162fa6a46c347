import { modelCard } from '@haat/kit';
import { writeArtifact, type GoldenCase, type Lineage } from '@haat/model-runtime';
import type { ProductFacts } from '../contract/index.ts';
import {
  damageGraph,
  damageLogits,
  damageModel,
  encodeProducts,
  sigmoid,
  traitsAt,
  type DamageContext,
} from '../model/index.ts';

/** Replay cases of an artifact. */
const goldenCases = 32;

/** Parameters, catalogue and lineage as one file. The replay cases expect what the fitted function says, not the graph. */
export function damageArtifact(context: DamageContext, facts: ProductFacts, lineage: Lineage): Uint8Array {
  return writeArtifact(damageGraph(context.parameters), {
    card: modelCard(damageModel),
    lineage,
    golden: goldenOf(context, facts),
    context,
  });
}

/** Products spread evenly over `facts`, with repeats where there are too few. */
function goldenOf({ parameters }: DamageContext, facts: ProductFacts): GoldenCase[] {
  return Array.from({ length: goldenCases }, (_, k) => {
    const input = traitsAt(facts, Math.floor((k * facts.rows) / goldenCases));
    const probability = Array.from(sigmoid(damageLogits(parameters, encodeProducts([input]))));
    return { input, outputs: { probability } };
  });
}
