import type { TraceExport } from '@haat/platform';
import { heartbeatEveryMs, taskQueues } from '@haat/workflows';
import { temporalAccess, temporalFailure, workerDeployment } from '@haat/workflows/client';
import { OpenTelemetryActivityInboundInterceptor } from '@temporalio/interceptors-opentelemetry';
import { NativeConnection, Worker, type ActivityInterceptorsFactory, type WorkerOptions } from '@temporalio/worker';
import type { WorkerConfig } from './config.ts';
import { workflowSpans } from './workflow.spans.ts';
import { payloadConverterPath, workflowBundle } from './workflow.bundle.ts';

export interface TemporalWorkers {
  /** Resolves when the server answers and all workers poll. */
  check(): Promise<void>;
  /** Takes no new step, lets those in flight end within the grace, and returns unfinished ones to the queue. */
  close(): Promise<void>;
}

/**
 * Starts one worker for each kind of work: `control` runs workflows and what only talks to the database, `train` computes,
 * `backfill` writes rows. A worker that fails for good ends the process (by an unhandled rejection): whoever runs it starts it again.
 * Errors: TEMPORAL_UNREACHABLE, TEMPORAL_TLS_REFUSED, TEMPORAL_ACCESS_UNUSABLE.
 */
export async function startTemporalWorkers(
  config: WorkerConfig,
  activities: object,
  interceptor: ActivityInterceptorsFactory,
  traces: TraceExport | null,
): Promise<TemporalWorkers> {
  const access = temporalAccess(config);
  const { namespace, ...server } = access;
  const { WORKER_BUILD_ID: buildId } = config;
  const connection = await NativeConnection.connect(server).catch(async (cause: unknown) => {
    throw await temporalFailure(access, cause);
  });
  const shared: Omit<WorkerOptions, 'taskQueue'> = {
    connection,
    namespace,
    activities,
    dataConverter: { payloadConverterPath },
    interceptors: {
      activity: [(context) => ({ inbound: new OpenTelemetryActivityInboundInterceptor(context) }), interceptor],
    },
    sinks: { ...workflowSpans(traces) },
    shutdownGraceTime: `${config.DRAIN_SECONDS} seconds`,
    // Without these the SDK sends a beat only when most of the heartbeat timeout is over, and cancels arrive as late.
    maxHeartbeatThrottleInterval: heartbeatEveryMs,
    defaultHeartbeatThrottleInterval: heartbeatEveryMs,
    ...(buildId !== undefined && {
      workerDeploymentOptions: {
        version: { deploymentName: workerDeployment, buildId },
        useWorkerVersioning: true,
        defaultVersioningBehavior: 'PINNED',
      },
    }),
  };
  const workers = [
    await Worker.create({ ...shared, taskQueue: taskQueues.control, workflowBundle: await workflowBundle() }),
    await Worker.create({
      ...shared,
      taskQueue: taskQueues.train,
      maxConcurrentActivityTaskExecutions: config.TRAIN_CONCURRENCY,
    }),
    await Worker.create({
      ...shared,
      taskQueue: taskQueues.backfill,
      maxConcurrentActivityTaskExecutions: config.BACKFILL_CONCURRENCY,
    }),
  ];
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    async check() {
      await connection.workflowService.describeNamespace({ namespace });
      const idle = workers.find((worker) => worker.getState() !== 'RUNNING');
      if (idle) throw new Error(`the worker of queue ${idle.options.taskQueue} is ${idle.getState()}`);
    },
    async close() {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
      await connection.close();
    },
  };
}
