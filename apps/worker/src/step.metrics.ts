import type { Metrics } from '@haat/platform';
import { withLogContext } from '@haat/platform';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { Histogram } from 'prom-client';

/** Measures every step, and gives its log lines the ids of its run. */
export function stepInterceptor(metrics: Metrics): ActivityInterceptorsFactory {
  const seconds = new Histogram({
    name: 'haat_step_seconds',
    help: 'Duration of the steps of workflows, by step and outcome; each attempt counts',
    labelNames: ['step', 'outcome'] as const,
    buckets: [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800],
    registers: [metrics.registry],
  });
  return ({ info }) => ({
    inbound: {
      execute(input, next) {
        const { workflowId, runId } = info.workflowExecution ?? {};
        return withLogContext({ workflowId, runId }, async () => {
          const end = seconds.startTimer({ step: info.activityType });
          try {
            const result: unknown = await next(input);
            end({ outcome: 'done' });
            return result;
          } catch (failure) {
            end({ outcome: 'failed' });
            throw failure;
          }
        });
      },
    },
  });
}
