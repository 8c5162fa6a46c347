import { createGatewayRuntime, Logger as HiveLogger, type GatewayRuntime } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import httpTransport from '@graphql-mesh/transport-http';
import wsTransport from '@graphql-mesh/transport-ws';
import { graphqlPath, type InternalTokenSigner, type Logger, type Metrics } from '@haat/platform';
import { askedOnceMore } from './broken.connections.ts';
import { checkedSubgraphs } from './checked.subgraphs.ts';
import { clientError } from './client.error.ts';
import { appMetrics } from './metrics.ts';
import { operationMetrics } from './operation.metrics.ts';
import { queryLimits, type QueryLimits } from './query.limits.ts';
import { requestDeadline } from './request.deadline.ts';
import { noSuggestions } from './schema.secrecy.ts';
import { subgraphHeaders } from './subgraph.headers.ts';
import { measuredSubgraphs } from './subgraph.metrics.ts';
import { followedSubscriptions } from './followed.subscriptions.ts';
import { removeTerminationHandlersSince, terminationHandlers } from './termination.ts';

export interface GatewayOptions {
  /** Supergraph SDL, as composition prints it. */
  readonly supergraph: string;
  /** Subgraph name -> its address; its GraphQL endpoint is at `graphqlPath` below that. */
  readonly subgraphs: Readonly<Record<string, string>>;
  /** Tells a subgraph for whom it is asked. */
  readonly signer: InternalTokenSigner;
  /** How long one subgraph may take, ms. */
  readonly subgraphTimeoutMs: number;
  /** How long the whole request may take, ms. */
  readonly requestTimeoutMs: number;
  readonly limits: QueryLimits;
  /** Subscriptions that are followed at once. */
  readonly subscriptions: number;
  /** How often who follows a subscription is asked for again, ms. */
  readonly recheckMs: number;
  /** Aborted when the app begins to close. */
  readonly draining: AbortSignal;
  /** Whether the schema is told to those who ask: introspection, and what a misspelt name may have meant. */
  readonly tellsSchema: boolean;
}

/**
 * Hive's gateway runtime over a supergraph: plans with Hive's router, asks each subgraph at its address, hands on the request
 * id and, signed, who asks, refuses what asks for too much, and answers nothing of a subgraph's inside. Fails when the
 * supergraph cannot be planned over.
 */
export async function createGateway(
  options: GatewayOptions,
  logger: Logger,
  metrics: Metrics,
): Promise<GatewayRuntime> {
  const before = terminationHandlers();
  const { limits, tellsSchema } = options;
  const measures = appMetrics(metrics.registry);
  const gateway = createGatewayRuntime({
    supergraph: options.supergraph,
    unifiedGraphHandler,
    transports: { http: httpTransport, ws: wsTransport },
    // Every request has an id of its own, so that no two are one; looking for such pairs would copy each answer.
    transportEntries: {
      '*.http': { options: { subscriptions: { kind: 'ws', location: graphqlPath } } },
      ...Object.fromEntries(
        Object.entries(options.subgraphs).map(([name, address]) => [
          name,
          // Two clients may ask the same at once and must not get the answer of one another.
          {
            location: `${address}${graphqlPath}`,
            options: { timeout: options.subgraphTimeoutMs, deduplicateInflightRequests: false },
          },
        ]),
      ),
    },
    // What is wrong with a request is logged where it is masked, once; the runtime would say it twice more, each with a stack.
    logging: new HiveLogger({
      level: 'warn',
      writers: [{ write: (_level, attrs, message) => logger.debug(attrs ?? {}, message ?? '') }],
    }),
    maskedErrors: { maskError: (error) => clientError(error, { logger, tellsSchema }) },
    propagateHeaders: { fromClientToSubgraphs: subgraphHeaders(options.signer) },
    plugins: () => [
      requestDeadline(options.requestTimeoutMs, metrics),
      operationMetrics(metrics),
      queryLimits(limits),
      followedSubscriptions(
        {
          limit: options.subscriptions,
          firstWithinMs: options.subgraphTimeoutMs,
          recheckMs: options.recheckMs,
          draining: options.draining,
        },
        measures.subscriptions,
      ),
      ...(tellsSchema ? [] : [noSuggestions()]),
      checkedSubgraphs(options.supergraph, logger),
      measuredSubgraphs(measures),
    ],
    batching: { limit: limits.batch },
    disableIntrospection: { disableIf: () => !tellsSchema },
    upstreamRetry: askedOnceMore,
    executionCancellation: true,
    upstreamCancellation: true,
    requestId: false,
    graphiql: false,
    landingPage: false,
    cors: false,
  });
  await gateway.getSchema();
  removeTerminationHandlersSince(before);
  return gateway;
}
