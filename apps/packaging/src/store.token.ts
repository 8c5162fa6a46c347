import type { ProductFacts } from '@haat/packaging/contract';
import type { LimitRequest, PackagingPlan, PlanningSource, ProductReader } from '@haat/packaging/serving';

/** Injection token of packaging's store. */
export const STORE = Symbol('packaging store');

/** Which products a page holds; every field that is given must hold. */
export interface ProductPageFilter {
  readonly category?: string;
  readonly fragile?: boolean;
  readonly liquid?: boolean;
  readonly currentPackage?: string;
}

/** What the app asks of packaging's data. */
export interface Store extends ProductReader, PlanningSource {
  /** Products after the id `after`, by ascending id, `first` at the most. */
  productPage(after: string | null, first: number, filter: ProductPageFilter, asOf: Date): Promise<ProductFacts>;
  /** Keeps a plan and makes it the promoted one; answers its id. */
  savePlan(plan: PackagingPlan, limit: LimitRequest): Promise<string>;
}
