import {
  ApiKeyStore,
  ApprovalLog,
  AuditTrail,
  BackfillLog,
  ContentGarbage,
  contentStore,
  DriftLog,
  ModelLifecycle,
  ModelRegistry,
  PredictionLog,
  Retention,
  RunFeed,
  RunLog,
  ServingLog,
  ShadowLog,
  type Database,
} from '@haat/data-access';
import {
  apiKeyAudience,
  DATABASE,
  databaseProvider,
  Health,
  InternalTokenVerifier,
  LOGGER,
  Metrics,
  overDatabase,
  subgraphModule,
  type Logger,
} from '@haat/platform';
import { temporalAccess } from '@haat/workflows/client';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { OpenTelemetryWorkflowClientInterceptor } from '@temporalio/interceptors-opentelemetry';
import { ApiKeyController, KEY_VERIFIER } from './api.key.controller.ts';
import { BackfillService } from './backfill.service.ts';
import type { PlatformConfig } from './config.ts';
import { appMetrics } from './metrics.ts';
import { InferenceService } from './inference.service.ts';
import { MonitoringService } from './monitoring.service.ts';
import { resolvers } from './resolvers.ts';
import { RunControl } from './run.control.ts';
import { RunStarter } from './run.starter.ts';
import { ScheduleService } from './schedule.service.ts';
import { SimulationService } from './simulation.service.ts';
import { TemporalLink } from './temporal.link.ts';
import { TrainingService } from './training.service.ts';

const runServices: Provider[] = [
  {
    provide: RunStarter,
    inject: [RunLog, TemporalLink],
    useFactory: (runs: RunLog, link: TemporalLink) => new RunStarter(runs, link),
  },
  {
    provide: TrainingService,
    inject: [DATABASE, ModelRegistry, RunLog, ApprovalLog, RunStarter, TemporalLink],
    useFactory: (
      database: Database,
      registry: ModelRegistry,
      runs: RunLog,
      approvals: ApprovalLog,
      starter: RunStarter,
      link: TemporalLink,
    ) => new TrainingService(database, registry, runs, approvals, starter, link),
  },
  {
    provide: MonitoringService,
    inject: [ModelRegistry, RunStarter],
    useFactory: (registry: ModelRegistry, starter: RunStarter) => new MonitoringService(registry, starter),
  },
  {
    provide: InferenceService,
    inject: [DATABASE, ModelRegistry, RunLog, RunStarter],
    useFactory: (database: Database, registry: ModelRegistry, runs: RunLog, starter: RunStarter) =>
      new InferenceService(database, registry, runs, starter),
  },
  {
    provide: BackfillService,
    inject: [DATABASE, ModelRegistry, RunLog, RunStarter],
    useFactory: (database: Database, registry: ModelRegistry, runs: RunLog, starter: RunStarter) =>
      new BackfillService(database, registry, runs, starter),
  },
  {
    provide: RunControl,
    inject: [DATABASE, RunLog, RunStarter, TemporalLink],
    useFactory: (database: Database, runs: RunLog, starter: RunStarter, link: TemporalLink) =>
      new RunControl(database, runs, starter, link),
  },
  {
    provide: ScheduleService,
    inject: [DATABASE, TrainingService, InferenceService, TemporalLink],
    useFactory: (database: Database, training: TrainingService, inference: InferenceService, link: TemporalLink) =>
      new ScheduleService(database, training, inference, link),
  },
  {
    provide: SimulationService,
    inject: [ModelRegistry, RunStarter],
    useFactory: (registry: ModelRegistry, starter: RunStarter) => new SimulationService(registry, starter),
  },
];

@Module({})
export class PlatformAppModule implements OnApplicationShutdown {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly link: TemporalLink,
    private readonly feed: RunFeed,
    drift: DriftLog,
    metrics: Metrics,
    health: Health,
  ) {
    appMetrics(metrics.registry, drift);
    health.register('database', async () => void (await database.pool.query('select 1')));
  }

  static with(config: PlatformConfig): DynamicModule {
    const secret = config.INTERNAL_TOKEN_SECRET;
    const temporal = {
      ...temporalAccess(config),
      // Sends the trace at hand along, where there is one.
      interceptors: { workflow: [new OpenTelemetryWorkflowClientInterceptor()] },
    };
    return {
      module: PlatformAppModule,
      imports: [subgraphModule({ name: 'platform', internalTokenSecret: secret })],
      controllers: [ApiKeyController],
      providers: [
        databaseProvider(config, { name: 'haat-platform' }),
        { provide: KEY_VERIFIER, useFactory: () => new InternalTokenVerifier(apiKeyAudience, secret) },
        overDatabase(ApiKeyStore),
        overDatabase(ModelRegistry),
        overDatabase(RunLog),
        overDatabase(RunFeed),
        overDatabase(PredictionLog),
        overDatabase(BackfillLog),
        overDatabase(ModelLifecycle),
        overDatabase(ApprovalLog),
        overDatabase(ServingLog),
        overDatabase(ShadowLog),
        overDatabase(DriftLog),
        overDatabase(AuditTrail),
        {
          provide: ContentGarbage,
          inject: [DATABASE],
          useFactory: (database: Database) => new ContentGarbage(database, contentStore(config.ARTIFACTS_URL)),
        },
        {
          provide: Retention,
          inject: [DATABASE],
          useFactory: (database: Database) =>
            new Retention(database, {
              predictionDays: config.PREDICTION_RETENTION_DAYS,
              undoDays: config.UNDO_RETENTION_DAYS,
            }),
        },
        { provide: TemporalLink, inject: [LOGGER], useFactory: (logger: Logger) => new TemporalLink(temporal, logger) },
        ...runServices,
        ...resolvers,
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.feed.close();
    await this.link.close();
    await this.database.close();
  }
}
