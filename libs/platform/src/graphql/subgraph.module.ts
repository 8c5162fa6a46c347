import type { IncomingMessage } from 'node:http';
import type { ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloFederationDriver, type ApolloFederationDriverConfig } from '@nestjs/apollo';
import type { DynamicModule } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { accessDirective } from '../auth/access.ts';
import { faceOf } from '../error.face.ts';
import { contextOfRequest } from '../http.edge.ts';
import type { Logger } from '../logger.ts';
import { Metrics } from '../metrics.ts';
import { LOGGER } from '../platform.module.ts';
import { operationLabel } from './operation.ts';
import { cleanedResults, requestContext } from './subscription.context.ts';

/** Where subgraphs are served: `http://host:port/graphql`. */
export const graphqlPath = '/graphql';

/** Federation version and directives that every subgraph links: the newest that all our composers and planners read. */
export const federation = {
  version: 2,
  importUrl: 'https://specs.apollo.dev/federation/v2.9',
  directives: ['@key', '@shareable', '@external', '@requires', '@provides', '@override', '@inaccessible', '@tag'],
} as const;

/** What every resolver gets as context: one object a request, so that loaders may be keyed by it. */
export interface RequestContext {
  readonly req: { readonly raw: IncomingMessage };
}

/**
 * A federated, code-first subgraph on Fastify at `/graphql`, from the resolvers of the app's modules. Errors are mapped by
 * `faceOf`; operations are timed; no landing page, no stack traces, no introspection switch (the gateway is the public face).
 */
export function subgraphModule(): DynamicModule {
  return GraphQLModule.forRootAsync<ApolloFederationDriverConfig>({
    driver: ApolloFederationDriver,
    inject: [LOGGER, Metrics],
    useFactory: (logger: Logger, metrics: Metrics) => subgraphOptions(logger, metrics),
  });
}

/** The driver's options behind `subgraphModule`. */
export function subgraphOptions(logger: Logger, metrics: Metrics): Omit<ApolloFederationDriverConfig, 'driver'> {
  const cleaned = (formatted: GraphQLFormattedError, thrown: unknown) => {
    const error = clientError(formatted, unwrapResolverError(thrown), logger);
    metrics.errors.inc({ code: String(error.extensions?.code) });
    return error;
  };
  return {
    path: graphqlPath,
    autoSchemaFile: { federation: { ...federation, directives: [...federation.directives] } },
    sortSchema: true,
    buildSchemaOptions: { directives: [accessDirective] },
    graphiql: false,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    autoTransformHttpErrors: false,
    context: requestContext,
    subscriptions: { 'graphql-ws': { onNext: cleanedResults(cleaned) } },
    // Nothing here says how long it may be cached; to look for that, Apollo would wrap every resolver of every field.
    plugins: [timing(metrics), ApolloServerPluginInlineTraceDisabled(), ApolloServerPluginCacheControlDisabled()],
    formatError: cleaned,
  };
}

/** Codes with which GraphQL itself refuses a request; their messages speak of the request alone. */
const graphqlRefusals = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

function clientError(formatted: GraphQLFormattedError, thrown: unknown, logger: Logger): GraphQLFormattedError {
  const place = {
    ...(formatted.locations && { locations: formatted.locations }),
    ...(formatted.path && { path: formatted.path }),
  };
  const code = formatted.extensions?.code;
  if (thrown instanceof GraphQLError && typeof code === 'string' && graphqlRefusals.has(code)) {
    return { message: formatted.message, ...place, extensions: { code } };
  }
  const { message, ...extensions } = faceOf(thrown, logger);
  return { message, ...place, extensions };
}

function timing(metrics: Metrics): ApolloServerPlugin {
  return {
    async requestDidStart() {
      const start = performance.now();
      let operation = 'invalid';
      return {
        async didResolveOperation({ operation: node, contextValue }) {
          if (node) operation = operationLabel(node);
          const context = contextOfRequest((contextValue as RequestContext).req.raw);
          if (context) context.operation = operation;
        },
        async willSendResponse({ errors }) {
          const outcome = errors?.length ? 'error' : 'ok';
          metrics.requests.observe({ operation, outcome }, (performance.now() - start) / 1_000);
        },
      };
    },
  };
}
