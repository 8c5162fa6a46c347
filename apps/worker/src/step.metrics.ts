import { withLogContext } from '@haat/platform';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { appMetrics } from './metrics.ts';

/** Measures every step, and gives its log lines the ids of its run. */
export function stepInterceptor({ seconds }: ReturnType<typeof appMetrics>): ActivityInterceptorsFactory {
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
