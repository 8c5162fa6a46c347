import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { currentLogContext, operationLabel, type Metrics } from '@haat/platform';
import { getOperationAST, type ExecutionArgs } from 'graphql';

/** Times operations and counts the errors that are answered, whichever part they came from. */
export function operationMetrics(metrics: Metrics): GatewayPlugin {
  return {
    onExecute({ args }) {
      const start = performance.now();
      const operation = named(args);
      return {
        onExecuteDone({ result }) {
          const outcome = 'errors' in result && result.errors?.length ? 'error' : 'ok';
          metrics.requests.observe({ operation, outcome }, (performance.now() - start) / 1_000);
        },
      };
    },
    onSubscribe: ({ args }) => void named(args),
    onResultProcess({ result }) {
      for (const one of Array.isArray(result) ? result : [result]) {
        if (!('errors' in one)) continue;
        for (const error of one.errors ?? []) metrics.errors.inc({ code: String(error.extensions?.code ?? 'UNKNOWN') });
      }
    },
  };
}

/** What the operation is called in metrics; log lines of the request carry it from now on. */
function named({ document, operationName }: ExecutionArgs): string {
  const node = getOperationAST(document, operationName);
  const operation = node ? operationLabel(node) : 'invalid';
  const context = currentLogContext();
  if (context) context.operation = operation;
  return operation;
}
