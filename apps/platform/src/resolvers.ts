import { JsonObjectScalar } from '@haat/platform';
import { ApprovalLoaders } from './approval.loaders.ts';
import { ApprovalResolver } from './approval.resolver.ts';
import { AuditResolver } from './audit.resolver.ts';
import { ComparisonResolver } from './comparison.resolver.ts';
import { DatasetResolver } from './dataset.resolver.ts';
import { GarbageResolver } from './garbage.resolver.ts';
import { InferenceResolver } from './inference.resolver.ts';
import { LifecycleResolver } from './lifecycle.resolver.ts';
import { ApiKeyResolver } from './api.key.resolver.ts';
import { ModelLoaders } from './model.loaders.ts';
import { ModelVersionResolver } from './model-version.resolver.ts';
import { ModelResolver } from './model.resolver.ts';
import { MonitoringResolver } from './monitoring.resolver.ts';
import { PredictionResolver } from './prediction.resolver.ts';
import { RetentionResolver } from './retention.resolver.ts';
import { BackfillReportResolver, RunBackfillResolver } from './run-backfill.resolver.ts';
import { RunControlResolver } from './run-control.resolver.ts';
import { RunResolver } from './run.resolver.ts';
import { ScheduleResolver } from './schedule.resolver.ts';
import { SimulationResolver } from './simulation.resolver.ts';

/** What answers the subgraph's fields. */
export const resolvers = [
  JsonObjectScalar,
  ModelLoaders,
  ModelResolver,
  ModelVersionResolver,
  RunResolver,
  InferenceResolver,
  RunBackfillResolver,
  BackfillReportResolver,
  RunControlResolver,
  ScheduleResolver,
  PredictionResolver,
  MonitoringResolver,
  LifecycleResolver,
  ComparisonResolver,
  DatasetResolver,
  ApprovalLoaders,
  ApprovalResolver,
  AuditResolver,
  GarbageResolver,
  RetentionResolver,
  ApiKeyResolver,
  SimulationResolver,
] as const;
