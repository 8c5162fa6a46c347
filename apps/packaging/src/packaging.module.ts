import {
  championSource,
  connectDatabase,
  contentStore,
  PredictionLog,
  type Database,
  type DatabaseChampions,
} from '@haat/data-access';
import { ChampionModel } from '@haat/model-runtime';
import { damageModel, encodeProducts, type DamageContext } from '@haat/packaging/model';
import { DamageService, PackagingPlanner } from '@haat/packaging/serving';
import { packagingEntities, PackagingStore } from '@haat/packaging/store';
import { Health, LOGGER, Metrics, subgraphModule, type Logger } from '@haat/platform';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import type { PackagingConfig } from './config.ts';
import { resolvers } from './resolvers.ts';

/** Injection token of the app's database. */
export const DATABASE = Symbol('database');
const CHAMPIONS = Symbol('champions');

@Module({})
export class PackagingAppModule implements OnApplicationShutdown {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CHAMPIONS) private readonly champions: DatabaseChampions,
    private readonly champion: ChampionModel<DamageContext>,
    health: Health,
  ) {
    health.register('database', async () => void (await database.pool.query('select 1')));
    health.register('champion', async () => void (await champion.acquire()));
  }

  static with(config: PackagingConfig): DynamicModule {
    return { module: PackagingAppModule, imports: [subgraphModule()], providers: [...providers(config), ...resolvers] };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.champion.stop();
    await this.champions.close();
    await this.database.close();
  }
}

function providers({ DATABASE_URL: url, DATABASE_POOL: poolSize, ARTIFACTS_URL }: PackagingConfig): Provider[] {
  return [
    {
      provide: DATABASE,
      useFactory: () => connectDatabase({ url, poolSize, entities: packagingEntities, name: 'haat-packaging' }),
    },
    { provide: CHAMPIONS, inject: [DATABASE], useFactory: (database: Database) => championSource(database) },
    {
      provide: PackagingStore,
      inject: [DATABASE],
      useFactory: (database: Database) => new PackagingStore(database),
    },
    {
      provide: ChampionModel,
      inject: [CHAMPIONS, LOGGER, Metrics],
      useFactory: async (source: DatabaseChampions, log: Logger, metrics: Metrics) => {
        const store = contentStore(ARTIFACTS_URL);
        const champion = new ChampionModel<DamageContext>({
          model: damageModel.name,
          source,
          fetch: (digest) => store.get(digest),
          encode: encodeProducts,
          log,
          onRun: (run) => metrics.modelRun(run),
          onRunFailed: (of) => metrics.modelRunFailed(of),
          onSwap: ({ ref, outcome }) => metrics.modelSwaps.inc({ model: ref.model, outcome }),
        });
        await champion.start();
        return champion;
      },
    },
    {
      provide: DamageService,
      inject: [ChampionModel, DATABASE],
      useFactory: (champion: ChampionModel<DamageContext>, database: Database) =>
        new DamageService(champion, {
          recorder: new PredictionLog(database),
          chance: Math.random,
          share: damageModel.serving.record,
        }),
    },
    {
      provide: PackagingPlanner,
      inject: [ChampionModel, PackagingStore],
      useFactory: (champion: ChampionModel<DamageContext>, store: PackagingStore) =>
        new PackagingPlanner(champion, store),
    },
  ];
}
