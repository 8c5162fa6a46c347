import { JsonObjectScalar } from '@haat/platform';
import { ModelLoaders } from './model.loaders.ts';
import { ModelVersionResolver } from './model-version.resolver.ts';
import { ModelResolver } from './model.resolver.ts';
import { PredictionResolver } from './prediction.resolver.ts';
import { BackfillReportResolver, RunBackfillResolver } from './run-backfill.resolver.ts';
import { RunControlResolver } from './run-control.resolver.ts';
import { RunResolver } from './run.resolver.ts';
import { ScheduleResolver } from './schedule.resolver.ts';

/** What answers the subgraph's fields. */
export const resolvers = [
  JsonObjectScalar,
  ModelLoaders,
  ModelResolver,
  ModelVersionResolver,
  RunResolver,
  RunBackfillResolver,
  BackfillReportResolver,
  RunControlResolver,
  ScheduleResolver,
  PredictionResolver,
] as const;
