import { JsonObjectScalar } from '@haat/platform';
import { ApiKeyResolver } from './api.key.resolver.ts';
import { ModelLoaders } from './model.loaders.ts';
import { ModelVersionResolver } from './model-version.resolver.ts';
import { ModelResolver } from './model.resolver.ts';
import { PredictionResolver } from './prediction.resolver.ts';
import { RunResolver } from './run.resolver.ts';

/** What answers the subgraph's fields. */
export const resolvers = [
  JsonObjectScalar,
  ModelLoaders,
  ModelResolver,
  ModelVersionResolver,
  RunResolver,
  PredictionResolver,
  ApiKeyResolver,
] as const;
