import { PackagingLoaders } from './packaging.loaders.ts';
import { PlanResolver } from './plan.resolver.ts';
import { PackagingResolver, ProductResolver } from './product.resolver.ts';
import { ReplayResolver } from './replay.resolver.ts';

/** What answers the subgraph's fields. */
export const resolvers = [PackagingLoaders, ProductResolver, PackagingResolver, PlanResolver, ReplayResolver] as const;
