import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { inSpan, traceHeaders } from '@haat/platform';
import { SpanKind } from '@opentelemetry/api';
import { Counter, Histogram, type Registry } from 'prom-client';
import { didNotAnswer } from './client.error.ts';

/** What the gateway measures of its subgraphs. */
export function subgraphMetrics(registry: Registry) {
  return {
    seconds: new Histogram({
      name: 'haat_subgraph_seconds',
      help: 'Duration of the requests to each subgraph, by outcome: ok, error (it answered errors) or failed (no answer)',
      labelNames: ['subgraph', 'outcome'] as const,
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
      registers: [registry],
    }),
    failures: new Counter({
      name: 'haat_subgraph_failures_total',
      help: 'Requests to each subgraph that had no answer: refused, timed out, broken off, or not GraphQL',
      labelNames: ['subgraph'] as const,
      registers: [registry],
    }),
  };
}

/** Times what is asked of each subgraph, and makes it a span of the trace. */
export function measuredSubgraphs({ seconds, failures }: ReturnType<typeof subgraphMetrics>): GatewayPlugin {
  return {
    onSubgraphExecute({ subgraphName: subgraph, executor, setExecutor }) {
      setExecutor(async (request) => {
        const start = performance.now();
        const note = (outcome: Outcome) => {
          seconds.observe({ subgraph, outcome }, (performance.now() - start) / 1_000);
          if (outcome === 'failed') failures.inc({ subgraph });
        };
        try {
          const result = await inSpan(`subgraph ${subgraph}`, SpanKind.CLIENT, async () => executor(traced(request)));
          note(outcomeOf(result));
          return result;
        } catch (failure) {
          note('failed');
          throw failure;
        }
      });
    },
  };
}

/** The request as part of the span at hand: the same one where nothing is traced. */
function traced<R extends { readonly extensions?: object }>(request: R): R {
  const trace = traceHeaders();
  if (Object.keys(trace).length === 0) return request;
  const { headers, ...extensions } = (request.extensions ?? {}) as { readonly headers?: object };
  return { ...request, extensions: { ...extensions, headers: { ...headers, ...trace } } };
}

type Outcome = 'ok' | 'error' | 'failed';

function outcomeOf(result: object): Outcome {
  const errors: unknown = 'errors' in result ? result.errors : undefined;
  if (!Array.isArray(errors) || errors.length === 0) return 'ok';
  return errors.some(didNotAnswer) ? 'failed' : 'error';
}
