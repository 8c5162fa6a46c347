import { artifactVariables, databaseVariables, internalTokenVariables, serverVariables } from '@haat/platform';
import { z } from 'zod';

/** Environment of the risk subgraph. */
export const configSchema = z.object({
  ...serverVariables,
  ...databaseVariables,
  ...artifactVariables,
  ...internalTokenVariables,
});

export type RiskConfig = z.output<typeof configSchema>;
