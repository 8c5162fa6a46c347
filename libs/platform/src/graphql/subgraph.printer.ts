import 'reflect-metadata';
import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { graphql } from 'graphql';
import { Health } from '../health.ts';
import { createLogger, nestLogger } from '../logger.ts';
import { Metrics } from '../metrics.ts';
import { PlatformModule } from '../platform.module.ts';
import { subgraphModule } from './subgraph.module.ts';

@Module({})
class PrintedRoot {}

/**
 * The SDL that a subgraph of these resolvers answers to `_service { sdl }`: what composition reads. Nothing behind the
 * resolvers is started: what they ask to be given is replaced by nothing.
 */
export async function printSubgraph(resolvers: readonly Type[]): Promise<string> {
  const logger = createLogger('print', 'silent');
  const root: DynamicModule = {
    module: PrintedRoot,
    imports: [
      PlatformModule.with(logger, new Health(), new Metrics('print'), null),
      subgraphModule({ name: 'print', internalTokenSecret: '' }),
    ],
    providers: [...resolvers, ...absentDependencies(resolvers)],
  };
  const adapter = new FastifyAdapter({ logger: false });
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger: nestLogger(logger),
    abortOnError: false,
  });
  try {
    await app.init();
    const { schema } = app.get(GraphQLSchemaHost);
    const { data } = await graphql({ schema, source: '{ _service { sdl } }' });
    return `${(data as { _service: { sdl: string } })._service.sdl.trim()}\n`;
  } finally {
    await app.close();
  }
}

function absentDependencies(resolvers: readonly Type[]): Provider[] {
  const tokens = resolvers.flatMap((resolver) => {
    const types = (Reflect.getMetadata('design:paramtypes', resolver) ?? []) as Type[];
    const injected = (Reflect.getMetadata('self:paramtypes', resolver) ?? []) as { index: number; param: symbol }[];
    return types.map((type, index) => injected.find((one) => one.index === index)?.param ?? type);
  });
  return [...new Set(tokens)].map((provide) => ({ provide, useValue: null }));
}
