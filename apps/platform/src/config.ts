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
  PREDICTION_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(30)
    .max(36_500)
    .default(400)
    .describe(
      'Days for which predictions are kept: so long can an answer be replayed and its lineage be asked. Older ones go when an admin collects them.',
    ),
  UNDO_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(36_500)
    .default(90)
    .describe(
      'Days, from its end on, for which a backfill can be undone. Older before-images go when an admin collects them.',
    ),
});

export type PlatformConfig = z.output<typeof configSchema>;
