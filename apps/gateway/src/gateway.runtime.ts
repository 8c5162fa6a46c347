import {
  createGatewayRuntime,
  Logger as HiveLogger,
  type GatewayPlugin,
  type GatewayRuntime,
} from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import httpTransport from '@graphql-mesh/transport-http';
import {
  actorOf,
  currentLogContext,
  operationLabel,
  type InternalTokenSigner,
  type Logger,
  type Metrics,
} from '@haat/platform';
import { getOperationAST } from 'graphql';
import { clientError } from './client.error.ts';
import { removeTerminationHandlersSince, terminationHandlers } from './termination.ts';

export interface GatewayOptions {
  /** Supergraph SDL, as composition prints it. */
  readonly supergraph: string;
  /** Subgraph name -> address of its GraphQL endpoint. */
  readonly subgraphs: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Tells a subgraph for whom it is asked. */
  readonly signer: InternalTokenSigner;
}

/**
 * Hive's gateway runtime over a supergraph: plans with Hive's router, asks each subgraph at its address, hands on the request
 * id and, signed, who asks, and answers nothing of a subgraph's inside. Fails when the supergraph cannot be planned over.
 */
export async function createGateway(
  options: GatewayOptions,
  logger: Logger,
  metrics: Metrics,
): Promise<GatewayRuntime> {
  const before = terminationHandlers();
  const gateway = createGatewayRuntime({
    supergraph: options.supergraph,
    unifiedGraphHandler,
    transports: { http: httpTransport },
    transportEntries: Object.fromEntries(
      Object.entries(options.subgraphs).map(([name, location]) => [
        name,
        // Two clients may ask the same at once and must not get the answer of one another.
        { location, options: { timeout: options.timeoutMs, deduplicateInflightRequests: false } },
      ]),
    ),
    logging: new HiveLogger({
      level: 'warn',
      writers: [{ write: (level, attrs, message) => logger[level](attrs ?? {}, message ?? '') }],
    }),
    maskedErrors: { maskError: (error) => clientError(error, logger) },
    propagateHeaders: {
      fromClientToSubgraphs: async ({ context, subgraphName }) => ({
        authorization: `Bearer ${await options.signer.sign(actorOf(context), subgraphName)}`,
        'x-request-id': currentLogContext()?.requestId,
      }),
    },
    plugins: () => [measuring(metrics)],
    requestId: false,
    graphiql: false,
    landingPage: false,
    cors: false,
  });
  await gateway.getSchema();
  removeTerminationHandlersSince(before);
  return gateway;
}

/** Times operations and counts the errors that are answered, whichever part they came from. */
function measuring(metrics: Metrics): GatewayPlugin {
  return {
    onExecute({ args }) {
      const start = performance.now();
      const node = getOperationAST(args.document, args.operationName);
      const operation = node ? operationLabel(node) : 'invalid';
      const context = currentLogContext();
      if (context) context.operation = operation;
      return {
        onExecuteDone({ result }) {
          const outcome = 'errors' in result && result.errors?.length ? 'error' : 'ok';
          metrics.requests.observe({ operation, outcome }, (performance.now() - start) / 1_000);
        },
      };
    },
    onResultProcess({ result }) {
      for (const one of Array.isArray(result) ? result : [result]) {
        if (!('errors' in one)) continue;
        for (const error of one.errors ?? []) metrics.errors.inc({ code: String(error.extensions?.code ?? 'UNKNOWN') });
      }
    },
  };
}
