import type { ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
} from '@apollo/server/plugin/disabled';
import { isDomainError } from '@haat/kit';
import { ApolloFederationDriver, type ApolloFederationDriverConfig } from '@nestjs/apollo';
import type { DynamicModule } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { GraphQLError, TokenKind, type GraphQLFormattedError } from 'graphql';
import { accessDirective } from '../auth/access.ts';
import { guardSchema } from '../auth/access.guard.ts';
import { InternalTokenVerifier } from '../auth/internal.token.ts';
import { faceOf } from '../error.face.ts';
import { contextOfRequest } from '../http.edge.ts';
import type { Logger } from '../logger.ts';
import { Metrics } from '../metrics.ts';
import { LOGGER } from '../platform.module.ts';
import { DateTimeScalar } from './date.time.scalar.ts';
import { graphqlErrors } from './graphql.errors.ts';
import { operationLabel } from './operation.ts';
import type { RequestContext } from './request.context.ts';
import { refuseNul } from './request.text.ts';
import { refusal, subgraphAdmission } from './subgraph.admission.ts';

/** Where subgraphs are served: `http://host:port/graphql`. */
export const graphqlPath = '/graphql';

/** Federation version and directives that every subgraph links: the newest that all our composers and planners read. */
export const federation = {
  version: 2,
  importUrl: 'https://specs.apollo.dev/federation/v2.9',
  directives: ['@key', '@shareable', '@external', '@requires', '@provides', '@override', '@inaccessible', '@tag'],
} as const;

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
  const graphql = GraphQLModule.forRootAsync<ApolloFederationDriverConfig>({
    driver: ApolloFederationDriver,
    inject: [LOGGER, Metrics],
    useFactory: (logger: Logger, metrics: Metrics) => driverOptions(options, logger, metrics),
  });
  return { ...graphql, providers: [...(graphql.providers ?? []), DateTimeScalar] };
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
    plugins: [
      timing(metrics),
      checkingText,
      ApolloServerPluginInlineTraceDisabled(),
      // Nothing here says how long it may be cached; to look for that, Apollo would wrap every resolver of every field.
      ApolloServerPluginCacheControlDisabled(),
    ],
    formatError: cleaned,
  };
}

const graphqlRefusals = new Set([...Object.keys(graphqlErrors), 'BAD_REQUEST']);

function clientError(formatted: GraphQLFormattedError, thrown: unknown, logger: Logger): GraphQLFormattedError {
  const place = {
    ...(formatted.locations && { locations: formatted.locations }),
    ...(formatted.path && { path: formatted.path }),
  };
  const root = rootOf(thrown);
  if (thrown instanceof GraphQLError && isDomainError(root)) {
    const { message, ...extensions } = faceOf(root, logger);
    return { message: placed(thrown, message), ...place, extensions };
  }
  const code = formatted.extensions?.code;
  if (thrown instanceof GraphQLError && typeof code === 'string' && graphqlRefusals.has(code)) {
    return { message: formatted.message, ...place, extensions: { code } };
  }
  const { message, ...extensions } = faceOf(root, logger);
  return { message, ...place, extensions };
}

function rootOf(thrown: unknown): unknown {
  return thrown instanceof GraphQLError && thrown.originalError ? rootOf(thrown.originalError) : thrown;
}

/**
 * The message of a scalar that takes no such value, with the argument's name: GraphQL puts a variable's place before it, and a
 * literal's name is two tokens before the literal.
 */
function placed({ message, nodes }: GraphQLError, said: string): string {
  if (!message.endsWith(said)) return said;
  const colon = nodes?.[0]?.loc?.startToken.prev;
  return colon?.kind === TokenKind.COLON ? `${colon.prev?.value}: ${message}` : message;
}

/** Lets through only operations whose texts the database can be asked with. */
const checkingText: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async didResolveOperation({ document, request: { variables } }) {
        try {
          refuseNul(document, variables);
        } catch (reason) {
          throw refusal(reason, 200);
        }
      },
    };
  },
};

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
