import { printSubgraph } from '@haat/platform';
import { resolvers } from './resolvers.ts';

/** The SDL as it is committed. */
export const schemaFile = new URL('../schema.graphql', import.meta.url);

/** The SDL of the subgraph, from its resolvers. */
export const printSchema = () => printSubgraph(resolvers);
