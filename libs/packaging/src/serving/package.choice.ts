import type { PackageCatalogue, ProductFacts } from '../contract/index.ts';
import { takeFacts } from '../contract/index.ts';
import { costTable } from '../model/index.ts';
import { pricingCatalogue, scoreDamage } from './damage.scoring.ts';
import { choosePackage, type Choice } from './recommendation.ts';
import type { ServedModel } from './served.model.ts';

/** What a recommendation depends on beside the product and the model; null: the model's own catalogue, no plan. */
export interface Circumstances {
  readonly catalogue: PackageCatalogue | null;
  /** Package code of the plan in force. */
  readonly planned: string | null;
}

/** What the model and the circumstances make of one product. */
export interface ScoredChoice extends Choice {
  /** The catalogue that the answer speaks of. */
  readonly catalogue: PackageCatalogue;
  /** [K of the catalogue]; NaN where the model cannot answer, and then nothing is recommended. */
  readonly probability: Float64Array;
}

/**
 * Scores the rows of `facts` in one run and chooses a package for each in its own circumstances, in order. Answering and
 * replaying an answer both do this, and nothing else.
 */
export async function choosePackages(
  served: ServedModel,
  facts: ProductFacts,
  circumstances: readonly Circumstances[],
): Promise<readonly ScoredChoice[]> {
  const { catalogue: own } = served.open.metadata.context;
  const packages = own.types.length;
  const scored = await scoreDamage(served, facts);
  const rowsOf = Map.groupBy(circumstances.keys(), (row) => circumstances[row]!.catalogue);
  const choices = new Array<ScoredChoice>(facts.rows);
  for (const [inForce, rows] of rowsOf) {
    const catalogue = inForce === null ? own : pricingCatalogue(own, inForce);
    const part = rows.length === facts.rows ? facts : takeFacts(facts, rows);
    const probabilityOf = (row: number) => scored.subarray(row * packages, (row + 1) * packages);
    const probability = new Float64Array(rows.length * packages);
    rows.forEach((row, k) => probability.set(probabilityOf(row), k * packages));
    const oneShipment = { ...part, demand: new Float64Array(rows.length).fill(1) };
    const costs = costTable(oneShipment, catalogue, probability);
    rows.forEach((row, k) => {
      const { planned } = circumstances[row]!;
      const choice = choosePackage(costs, k, catalogue, planned ?? undefined);
      choices[row] = { ...choice, catalogue, probability: probabilityOf(row) };
    });
  }
  return choices;
}
