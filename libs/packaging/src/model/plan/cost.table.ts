import type { PackageCatalogue, ProductFacts } from '../../contract/index.ts';
import type { CostTable, PlanTotals } from './plan.types.ts';

/** Costs of n products in K packages from damage probabilities [n, K], row-major. */
export function costTable(
  facts: ProductFacts,
  catalogue: PackageCatalogue,
  probability: Float64Array | Float32Array,
): CostTable {
  throw new Error(`not built yet ${facts.rows} ${catalogue.types.length} ${probability.length}`);
}

/** Rows that no package type takes. Leave them out (`facts` rows) before planning. */
export function infeasibleRows(table: CostTable): Int32Array {
  throw new Error(`not built yet ${table.rows}`);
}

/** Today's package of each product, and how many had none (or one that does not take them): those count as least total cost. */
export function currentAssignment(
  facts: ProductFacts,
  catalogue: PackageCatalogue,
  table: CostTable,
): { assignment: Uint8Array; assumed: number } {
  throw new Error(`not built yet ${facts.rows} ${catalogue.types.length} ${table.rows}`);
}

/** What an assignment costs a month. */
export function totalsOf(table: CostTable, assignment: Uint8Array): PlanTotals {
  throw new Error(`not built yet ${table.rows} ${assignment.length}`);
}
