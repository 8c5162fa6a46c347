import {
  ApprovalLog,
  ContentHolds,
  ModelLifecycle,
  ModelRegistry,
  RunCheckpoints,
  RunLog,
  type Database,
} from '@haat/data-access';

/** Where a domain's runs, versions and approvals are kept. */
export interface TrainingRecords {
  readonly registry: ModelRegistry;
  readonly lifecycle: ModelLifecycle;
  readonly runs: RunLog;
  readonly approvals: ApprovalLog;
  readonly holds: ContentHolds;
  readonly checkpoints: RunCheckpoints;
}

/** The records of a domain, as the role of its tasks. */
export function trainingRecords(database: Database): TrainingRecords {
  return {
    registry: new ModelRegistry(database),
    lifecycle: new ModelLifecycle(database),
    runs: new RunLog(database),
    approvals: new ApprovalLog(database),
    holds: new ContentHolds(database),
    checkpoints: new RunCheckpoints(database),
  };
}
