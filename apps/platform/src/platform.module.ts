import {
  ApiKeyStore,
  ApprovalLog,
  AuditTrail,
  connectDatabase,
  ContentGarbage,
  contentStore,
  DriftLog,
  ModelLifecycle,
  ModelRegistry,
  PredictionLog,
  RunLog,
  ShadowLog,
  type Database,
} from '@haat/data-access';
import {
  apiKeyAudience,
  Health,
  InternalTokenVerifier,
  LOGGER,
  Metrics,
  subgraphModule,
  type Logger,
} from '@haat/platform';
import { temporalAccess } from '@haat/workflows/client';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { ApiKeyController, KEY_VERIFIER } from './api.key.controller.ts';
import type { PlatformConfig } from './config.ts';
import { exportDrift } from './drift.metrics.ts';
import { MonitoringService } from './monitoring.service.ts';
import { resolvers } from './resolvers.ts';
import { TemporalLink } from './temporal.link.ts';
import { DATABASE, TrainingService } from './training.service.ts';

const overDatabase = <T>(provide: new (database: Database) => T): Provider => ({
  provide,
  inject: [DATABASE],
  useFactory: (database: Database) => new provide(database),
});

@Module({})
export class PlatformAppModule implements OnApplicationShutdown {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly temporal: TemporalLink,
    drift: DriftLog,
    metrics: Metrics,
    health: Health,
  ) {
    exportDrift(drift, metrics);
    health.register('database', async () => void (await database.pool.query('select 1')));
  }

  static with(config: PlatformConfig): DynamicModule {
    const { DATABASE_URL: url, DATABASE_POOL: poolSize, DATABASE_SILENCE_MS: silenceMs } = config;
    const secret = config.INTERNAL_TOKEN_SECRET;
    const temporal = temporalAccess(config);
    return {
      module: PlatformAppModule,
      imports: [subgraphModule({ name: 'platform', internalTokenSecret: secret })],
      controllers: [ApiKeyController],
      providers: [
        { provide: DATABASE, useFactory: () => connectDatabase({ url, poolSize, silenceMs, name: 'haat-platform' }) },
        { provide: KEY_VERIFIER, useFactory: () => new InternalTokenVerifier(apiKeyAudience, secret) },
        overDatabase(ApiKeyStore),
        overDatabase(ModelRegistry),
        overDatabase(RunLog),
        overDatabase(PredictionLog),
        overDatabase(ModelLifecycle),
        overDatabase(ApprovalLog),
        overDatabase(ShadowLog),
        overDatabase(DriftLog),
        overDatabase(AuditTrail),
        {
          provide: ContentGarbage,
          inject: [DATABASE],
          useFactory: (database: Database) => new ContentGarbage(database, contentStore(config.ARTIFACTS_URL)),
        },
        {
          provide: TemporalLink,
          inject: [LOGGER],
          useFactory: (logger: Logger) => new TemporalLink(temporal, logger),
        },
        {
          provide: MonitoringService,
          inject: [ModelRegistry, RunLog, AuditTrail, TemporalLink],
          useFactory: (registry: ModelRegistry, runs: RunLog, audit: AuditTrail, link: TemporalLink) =>
            new MonitoringService(registry, runs, audit, link),
        },
        {
          provide: TrainingService,
          inject: [DATABASE, ModelRegistry, RunLog, ApprovalLog, TemporalLink],
          useFactory: (
            database: Database,
            registry: ModelRegistry,
            runs: RunLog,
            approvals: ApprovalLog,
            link: TemporalLink,
          ) => new TrainingService(database, registry, runs, approvals, link),
        },
        ...resolvers,
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.temporal.close();
    await this.database.close();
  }
}
