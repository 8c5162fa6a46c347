import {
  artifactVariables,
  databaseVariables,
  internalTokenVariables,
  serverVariables,
  temporalVariables,
} from '@haat/platform';
import { z } from 'zod';

/** Environment of the platform subgraph. */
export const configSchema = z.object({
  ...serverVariables,
  ...databaseVariables,
  ...artifactVariables,
  ...temporalVariables,
  ...internalTokenVariables,
});

export type PlatformConfig = z.output<typeof configSchema>;
