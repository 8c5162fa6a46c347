import { readFile } from 'node:fs/promises';
import { LOGGER, Metrics, type Logger } from '@haat/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { subgraphsOf, type GatewayConfig } from './config.ts';
import { createGateway } from './gateway.runtime.ts';
import { GraphiqlController } from './graphiql.controller.ts';
import { HiveDriver, type HiveDriverOptions } from './hive.driver.ts';

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
      inject: [LOGGER, Metrics],
      useFactory: (logger: Logger, metrics: Metrics) => ({
        createGateway: async () =>
          createGateway(
            { supergraph: await supergraph(), subgraphs: subgraphsOf(config), timeoutMs: config.SUBGRAPH_TIMEOUT_MS },
            logger,
            metrics,
          ),
      }),
    });
    const controllers = config.GRAPHIQL === 'on' ? [GraphiqlController] : [];
    return { module: GatewayModule, imports: [graphql], controllers };
  }
}
