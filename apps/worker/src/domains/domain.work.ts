import type { BackfillableModel } from '@haat/backfill/activities';
import type { ContentStore, Database, DatabaseOptions } from '@haat/data-access';
import type { Domain } from '@haat/kit';
import type { MonitoredModel } from '@haat/monitoring';
import type { InferableModel, SimulatedModel } from '@haat/training';
import type { TrainableModel, TrainingRecords } from '@haat/training/activities';
import { packagingWork } from './packaging.work.ts';
import { riskWork } from './risk.work.ts';

/** What a worker does for one domain. */
export interface DomainWork {
  readonly models: readonly TrainableModel[];
  /** Those of them that audits and profiles look after. */
  readonly monitored: readonly MonitoredModel[];
  /** Those of them whose rows are backfilled. */
  readonly backfills: readonly BackfillableModel[];
  /** Those of them whose answers are computed by runs. */
  readonly inferences: readonly InferableModel[];
  /** Those of them under whose parameters policies are simulated. */
  readonly simulations: readonly SimulatedModel[];
}

/** What its work stands on. */
export interface WorkGround {
  /** As the role of the domain's tasks. */
  readonly database: Database;
  readonly records: TrainingRecords;
  readonly artifacts: ContentStore;
}

export interface WorkingDomain {
  readonly entities: NonNullable<DatabaseOptions['entities']>;
  work(ground: WorkGround): DomainWork;
}

/** The domains of the house as the worker knows them. */
export const workingDomains: Readonly<Record<Domain, WorkingDomain>> = {
  packaging: packagingWork,
  risk: riskWork,
};
