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
import { guardSchema } from '../auth/access.guard.ts';
import type { ActorContext } from '../auth/actor.ts';
import { InternalTokenVerifier } from '../auth/internal.token.ts';
import { faceOf } from '../error.face.ts';
import { contextOfRequest } from '../http.edge.ts';
import type { Logger } from '../logger.ts';
import { Metrics } from '../metrics.ts';
import { LOGGER } from '../platform.module.ts';
import { operationLabel } from './operation.ts';
import { subgraphAdmission } from './subgraph.admission.ts';

/** Where subgraphs are served: `http://host:port/graphql`. */
export const graphqlPath = '/graphql';

/** Federation version and directives that every subgraph links: the newest that all our composers and planners read. */
export const federation = {
  version: 2,
  importUrl: 'https://specs.apollo.dev/federation/v2.9',
  directives: ['@key', '@shareable', '@external', '@requires', '@provides', '@override', '@inaccessible', '@tag'],
} as const;

/** What every resolver gets as context: one object a request, so that loaders may be keyed by it. */
export interface RequestContext extends ActorContext {
  readonly req: { readonly raw: IncomingMessage };
}

/** Whom a subgraph answers. */
export interface SubgraphOptions {
  /** Its name in the supergraph: the audience of the internal tokens that it accepts. */
  readonly name: string;
  /** What the gateway signs those with. */
  readonly internalTokenSecret: string;
}

/**
 * A federated, code-first subgraph on Fastify at `/graphql`, from the resolvers of the app's modules. It answers requests that
 * carry the gateway's internal token, each field by its `@access`, and does not start while a policy is missing. Errors are mapped by
 * `faceOf`; operations are timed; no landing page, no stack traces, no introspection switch (the gateway is the public face).
 */
export function subgraphModule(options: SubgraphOptions): DynamicModule {
  return GraphQLModule.forRootAsync<ApolloFederationDriverConfig>({
    driver: ApolloFederationDriver,
    inject: [LOGGER, Metrics],
    useFactory: (logger: Logger, metrics: Metrics) => driverOptions(options, logger, metrics),
  });
}

function driverOptions(
  { name, internalTokenSecret }: SubgraphOptions,
  logger: Logger,
  metrics: Metrics,
): Omit<ApolloFederationDriverConfig, 'driver'> {
  const cleaned = (formatted: GraphQLFormattedError, thrown: unknown) => {
    const error = clientError(formatted, unwrapResolverError(thrown), logger);
    metrics.errors.inc({ code: String(error.extensions?.code) });
    return error;
  };
  const admission = subgraphAdmission(new InternalTokenVerifier(name, internalTokenSecret), cleaned);
  return {
    transformSchema: guardSchema,
    context: admission.context,
    path: graphqlPath,
    autoSchemaFile: { federation: { ...federation, directives: [...federation.directives] } },
    sortSchema: true,
    buildSchemaOptions: { directives: [accessDirective] },
    graphiql: false,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    autoTransformHttpErrors: false,
    subscriptions: { 'graphql-ws': admission.websocket },
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
  const cause = thrown instanceof GraphQLError ? (thrown.originalError ?? thrown) : thrown;
  const { message, ...extensions } = faceOf(cause, logger);
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
