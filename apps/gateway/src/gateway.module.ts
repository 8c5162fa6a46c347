import { readFile } from 'node:fs/promises';
import { Health, InternalTokenSigner, LOGGER, Metrics, type Logger } from '@haat/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import { createAdmission } from './auth/create.admission.ts';
import { limitsOf, subgraphsOf, type GatewayConfig } from './config.ts';
import { createGateway } from './gateway.runtime.ts';
import { GRAPHIQL_TOKEN, GraphiqlController } from './graphiql.controller.ts';
import { HiveDriver, type HiveDriverOptions } from './hive.driver.ts';
import { subgraphReach } from './subgraph.reach.ts';

/** The composed supergraph as it is committed. */
export const supergraphFile = new URL('../supergraph.graphql', import.meta.url);

@Module({})
export class GatewayModule {
  static with(
    config: GatewayConfig,
    supergraph: () => Promise<string> = () => readFile(supergraphFile, 'utf8'),
  ): DynamicModule {
    const graphql = GraphQLModule.forRootAsync<HiveDriverOptions>({
      driver: HiveDriver,
      inject: [LOGGER, Metrics, Health],
      useFactory: (logger: Logger, metrics: Metrics, health: Health) => {
        health.registerOneOf(subgraphReach(subgraphsOf(config)));
        const signer = new InternalTokenSigner(config.INTERNAL_TOKEN_SECRET);
        const admission = createAdmission(config, signer, logger);
        return {
          admit: ({ headers, ip }: FastifyRequest) => admission.admit(headers, ip),
          createGateway: async () =>
            createGateway(
              {
                supergraph: await supergraph(),
                subgraphs: subgraphsOf(config),
                signer,
                subgraphTimeoutMs: config.SUBGRAPH_TIMEOUT_MS,
                requestTimeoutMs: config.REQUEST_TIMEOUT_MS,
                limits: limitsOf(config),
                subscriptions: config.SUBSCRIPTION_LIMIT,
                recheckMs: config.CREDENTIALS_BELIEVED_SECONDS * 1_000,
                draining: health.draining,
                tellsSchema: config.HAAT_ENV === 'development',
              },
              logger,
              metrics,
            ),
        };
      },
    });
    const controllers = config.GRAPHIQL === 'on' ? [GraphiqlController] : [];
    const token = { provide: GRAPHIQL_TOKEN, useValue: config.GRAPHIQL_TOKEN ?? null };
    return { module: GatewayModule, imports: [graphql], controllers, providers: [token] };
  }
}
