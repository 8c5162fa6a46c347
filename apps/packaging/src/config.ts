import { artifactVariables, databaseVariables, internalTokenVariables, serverVariables } from '@haat/platform';
import { z } from 'zod';

/** Environment of the packaging subgraph. */
export const configSchema = z.object({
  ...serverVariables,
  ...databaseVariables,
  ...artifactVariables,
  ...internalTokenVariables,
});

export type PackagingConfig = z.output<typeof configSchema>;
