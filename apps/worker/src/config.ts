import { domains, HAAT, taskUrlVariable, type Domain } from '@haat/kit';
import { artifactVariables, databaseVariables, serverVariables, temporalVariables } from '@haat/platform';
import { z } from 'zod';

const taskUrl = (domain: Domain) =>
  databaseVariables.DATABASE_URL.meta({ description: `PostgreSQL, as the role of ${domain}'s tasks.`, secret: true });

const taskUrls = Object.fromEntries(domains.map((domain) => [taskUrlVariable(domain), taskUrl(domain)])) as Record<
  ReturnType<typeof taskUrlVariable<Domain>>,
  ReturnType<typeof taskUrl>
>;

/** Environment of the worker. It has the role of each domain's task and no other. */
export const configSchema = z.object({
  ...serverVariables,
  ...temporalVariables,
  ...artifactVariables,
  ...taskUrls,
  DATABASE_POOL: databaseVariables.DATABASE_POOL,
  TRAIN_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe('Training steps that this worker takes on at once. Each fit is a process with two threads.'),
  WORKER_BUILD_ID: z
    .string()
    .max(200)
    .optional()
    .describe(
      `Build of this worker. With one, a run stays on the build that it began on, and begins on the one that \`${HAAT} workers current\` named; without, any worker takes any run.`,
    ),
  BACKFILL_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(4)
    .describe('Chunks of backfills that this worker takes on at once. Each holds a connection while it commits.'),
});

export type WorkerConfig = z.output<typeof configSchema>;
