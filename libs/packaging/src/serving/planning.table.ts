import type { ModelRef } from '@haat/kit';
import { takeFacts, type PackageCatalogue, type PackagingSource, type ProductFacts } from '../contract/index.ts';
import {
  costTable,
  currentAssignment,
  infeasibleRows,
  lowerHulls,
  totalsOf,
  type CostTable,
  type Hulls,
  type PlanTotals,
} from '../model/index.ts';
import { pricingCatalogue, scoreDamage } from './damage.scoring.ts';
import type { ServedModel } from './served.model.ts';

/** Today's packages: what they cost a month, and for how many products the package of least total cost was assumed. */
export interface TodaysPackages extends PlanTotals {
  readonly assignment: Uint8Array;
  readonly assumed: number;
}

/** All products that some package takes and whose costs are finite, their costs a month, and what is done today. */
export interface PlanningTable {
  readonly ref: ModelRef;
  readonly asOf: Date;
  readonly dataRevision: number;
  readonly catalogue: PackageCatalogue;
  readonly facts: ProductFacts;
  readonly costs: CostTable;
  readonly hulls: Hulls;
  readonly today: TodaysPackages;
  /** Ids of products that no package type takes or whose costs are not finite: they are in no plan. */
  readonly leftOut: readonly string[];
}

export type PlanningSource = Pick<PackagingSource, 'horizon' | 'catalogue' | 'products'>;

/** Scores every product of the source at `asOf` and lays out what it costs in each package type. */
export async function planningTable(served: ServedModel, source: PlanningSource, asOf: Date): Promise<PlanningTable> {
  const at = await source.horizon(asOf);
  const [all, inForce] = await Promise.all([source.products(at), source.catalogue(at)]);
  const catalogue = pricingCatalogue(served.open.metadata.context.catalogue, inForce);
  const probability = await scoreDamage(served, all);
  const whole = costTable(all, catalogue, probability);
  const refused = infeasibleRows(whole);
  const { facts, costs } = without(all, whole, refused);
  const { assignment, assumed } = currentAssignment(facts, catalogue, costs);
  return {
    ref: served.ref,
    asOf,
    dataRevision: at.revision,
    catalogue,
    facts,
    costs,
    hulls: lowerHulls(costs),
    today: { assignment, assumed, ...totalsOf(costs, assignment) },
    leftOut: Array.from(refused, (row) => all.id[row]!),
  };
}

function without(facts: ProductFacts, costs: CostTable, rows: Int32Array): { facts: ProductFacts; costs: CostTable } {
  if (rows.length === 0) return { facts, costs };
  const out = new Set(rows);
  const kept = Int32Array.from(facts.id.keys()).filter((row) => !out.has(row));
  const { packages } = costs;
  const entries = Int32Array.from(
    { length: kept.length * packages },
    (_, at) => kept[Math.floor(at / packages)]! * packages + (at % packages),
  );
  return {
    facts: takeFacts(facts, kept),
    costs: {
      rows: kept.length,
      packages,
      shipping: Float64Array.from(entries, (at) => costs.shipping[at]!),
      damage: Float64Array.from(entries, (at) => costs.damage[at]!),
      feasible: Uint8Array.from(entries, (at) => costs.feasible[at]!),
    },
  };
}
