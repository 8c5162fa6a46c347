import type { ScheduledDomain } from '@haat/backfill/activities';
import { connectDatabase, contentStore } from '@haat/data-access';
import { domains, taskUrlVariable } from '@haat/kit';
import { trainingRecords } from '@haat/training/activities';
import type { WorkerConfig } from './config.ts';
import { workingDomains, type DomainWork } from './domains/domain.work.ts';

export interface Trainers extends DomainWork {
  /** Domains that run on schedules. */
  readonly domains: readonly ScheduledDomain[];
  /** Resolves when every database answers. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** All work of all domains, each over the role of its own tasks. */
export async function connectTrainers(config: WorkerConfig): Promise<Trainers> {
  const artifacts = contentStore(config.ARTIFACTS_URL);
  const connected = await Promise.all(
    domains.map(async (domain) => {
      const { entities, work } = workingDomains[domain];
      const database = await connectDatabase({
        url: config[taskUrlVariable(domain)],
        entities,
        poolSize: config.DATABASE_POOL,
        name: `haat-worker-${domain}`,
      });
      const records = trainingRecords(database);
      return { domain, database, ...records, ...work({ database, records, artifacts }) };
    }),
  );
  return {
    models: connected.flatMap(({ models }) => models),
    monitored: connected.flatMap(({ monitored }) => monitored),
    backfills: connected.flatMap(({ backfills }) => backfills),
    inferences: connected.flatMap(({ inferences }) => inferences),
    simulations: connected.flatMap(({ simulations }) => simulations),
    domains: connected,
    check: async () => void (await Promise.all(connected.map(({ database }) => database.pool.query('select 1')))),
    close: async () => void (await Promise.all(connected.map(({ database }) => database.close()))),
  };
}
