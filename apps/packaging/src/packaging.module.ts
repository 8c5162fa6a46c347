import { contentStore, PredictionLog, type Database, type DatabaseAliases } from '@haat/data-access';
import { ArchivedModels } from '@haat/model-runtime';
import { damageModel } from '@haat/packaging/model';
import { DamageService, openDamage, PackagingPlanner } from '@haat/packaging/serving';
import { packagingEntities, PackagingStore, RecommendationStore } from '@haat/packaging/store';
import {
  aliasProvider,
  databaseProvider,
  overDatabase,
  ALIASES,
  DATABASE,
  Health,
  LOGGER,
  Metrics,
  subgraphModule,
  type Logger,
} from '@haat/platform';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import type { PackagingConfig } from './config.ts';
import { DamageModels } from './damage.models.ts';
import { PlanQueue } from './plan.queue.ts';
import { resolvers } from './resolvers.ts';

@Module({})
export class PackagingAppModule implements OnApplicationShutdown {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(ALIASES) private readonly aliases: DatabaseAliases,
    private readonly models: DamageModels,
    health: Health,
  ) {
    health.register('database', async () => void (await database.pool.query('select 1')));
    health.register('champion', async () => void (await models.champion.acquire()));
  }

  static with(config: PackagingConfig): DynamicModule {
    const graphql = subgraphModule({ name: 'packaging', internalTokenSecret: config.INTERNAL_TOKEN_SECRET });
    return { module: PackagingAppModule, imports: [graphql], providers: [...providers(config), ...resolvers] };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.models.stop();
    await this.aliases.close();
    await this.database.close();
  }
}

function providers(config: PackagingConfig): Provider[] {
  const { ARTIFACTS_URL } = config;
  return [
    databaseProvider(config, { entities: packagingEntities, name: 'haat-packaging' }),
    aliasProvider,
    overDatabase(PackagingStore),
    overDatabase(PredictionLog),
    overDatabase(RecommendationStore),
    {
      provide: DamageModels,
      inject: [ALIASES, DATABASE, LOGGER, Metrics],
      useFactory: async (source: DatabaseAliases, database: Database, log: Logger, metrics: Metrics) => {
        const models = new DamageModels(source, database, ARTIFACTS_URL, log, metrics);
        await models.start();
        return models;
      },
    },
    {
      provide: ArchivedModels,
      useFactory: () => {
        const store = contentStore(ARTIFACTS_URL);
        const fetch = (digest: string) => store.get(digest);
        return new ArchivedModels({ model: damageModel.name, fetch, open: openDamage });
      },
    },
    {
      provide: DamageService,
      inject: [DamageModels, PredictionLog, Metrics],
      useFactory: (models: DamageModels, recorder: PredictionLog, metrics: Metrics) =>
        new DamageService(
          models.shadowed,
          { recorder, chance: Math.random, share: damageModel.serving.record },
          ({ view, rows }) => metrics.staleFacts.inc({ view }, rows),
        ),
    },
    PlanQueue,
    {
      provide: PackagingPlanner,
      inject: [DamageModels, PackagingStore],
      useFactory: ({ champion }: DamageModels, store: PackagingStore) => new PackagingPlanner(champion, store),
    },
  ];
}
