import { contentStore, ModelRegistry, type Database, type DatabaseAliases } from '@haat/data-access';
import {
  aliasProvider,
  ALIASES,
  DATABASE,
  databaseProvider,
  Health,
  LOGGER,
  Metrics,
  overDatabase,
  subgraphModule,
  type Logger,
} from '@haat/platform';
import { transmissionModel } from '@haat/risk/model';
import { openTransmission } from '@haat/risk/serving';
import { AccessLog, InferenceStore, PolicyStore } from '@haat/risk/store';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import type { RiskConfig } from './config.ts';
import { resolvers } from './resolvers.ts';
import { TransmissionHistory } from './transmission.history.ts';
import { TransmissionVersions } from './transmission.versions.ts';

@Module({})
export class RiskAppModule implements OnApplicationShutdown {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(ALIASES) private readonly aliases: DatabaseAliases,
    private readonly versions: TransmissionVersions,
    health: Health,
  ) {
    health.register('database', async () => void (await database.pool.query('select 1')));
    health.register('champion', async () => void (await versions.under('champion').acquire()));
  }

  static with(config: RiskConfig): DynamicModule {
    const graphql = subgraphModule({ name: 'risk', internalTokenSecret: config.INTERNAL_TOKEN_SECRET });
    return { module: RiskAppModule, imports: [graphql], providers: [...providers(config), ...resolvers] };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.versions.stop();
    await this.aliases.close();
    await this.database.close();
  }
}

function providers(config: RiskConfig): Provider[] {
  const { ARTIFACTS_URL: artifactsUrl } = config;
  return [
    databaseProvider(config, { name: 'haat-risk' }),
    aliasProvider,
    overDatabase(InferenceStore),
    overDatabase(PolicyStore),
    overDatabase(AccessLog),
    {
      provide: TransmissionHistory,
      inject: [DATABASE],
      useFactory: (database: Database) =>
        new TransmissionHistory(new ModelRegistry(database), contentStore(artifactsUrl)),
    },
    {
      provide: TransmissionVersions,
      inject: [ALIASES, DATABASE, LOGGER, Metrics],
      useFactory: async (source: DatabaseAliases, database: Database, log: Logger, metrics: Metrics) => {
        const versions = new TransmissionVersions({
          model: transmissionModel.name,
          aliases: ['champion'],
          open: openTransmission,
          source,
          database,
          artifactsUrl,
          log,
          metrics,
        });
        await versions.start();
        return versions;
      },
    },
  ];
}
