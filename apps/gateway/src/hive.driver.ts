import type { GatewayRuntime } from '@graphql-hive/gateway-runtime';
import { contextOfRequest, edgeError, graphqlPath } from '@haat/platform';
import { Injectable } from '@nestjs/common';
import { AbstractGraphQLDriver, type GqlModuleOptions } from '@nestjs/graphql';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Admitted } from './auth/admission.ts';

export interface HiveDriverOptions extends GqlModuleOptions {
  readonly createGateway: () => Promise<GatewayRuntime>;
  /** Who sends a request, before its body is read. @throws what the client is answered instead */
  readonly admit: (request: FastifyRequest) => Promise<Admitted>;
}

/** Hive's gateway runtime as a GraphQL driver of Nest on Fastify. */
@Injectable()
export class HiveDriver extends AbstractGraphQLDriver<HiveDriverOptions> {
  #gateway: GatewayRuntime | undefined;

  async start(options: HiveDriverOptions): Promise<void> {
    const gateway = (this.#gateway = await options.createGateway());
    const fastify = this.httpAdapterHost.httpAdapter.getInstance<FastifyInstance>();
    const admitted = new WeakMap<FastifyRequest, Admitted>();
    fastify.route({
      method: ['GET', 'POST', 'OPTIONS'],
      url: graphqlPath,
      onRequest: async (request: FastifyRequest) => {
        const admission = await options.admit(request);
        admitted.set(request, admission);
        const log = contextOfRequest(request.raw);
        if (log) log.actor = admission.actor.subject;
        if (!isOperation(request)) throw notGraphql(request);
      },
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const response = await gateway.handleNodeRequestAndResponse(request, reply, { ...admitted.get(request) });
        if (response.status === 415 || response.status === 406) throw notGraphql(request);
        response.headers.forEach((value, name) => void reply.header(name, value));
        // A whole answer is a text already; only what comes in parts is a stream.
        const parts = isStream(response.headers.get('content-type'));
        return reply.status(response.status).send(parts ? response.body : await response.text());
      },
    });
  }

  override generateSchema(): Promise<GraphQLSchema> | null {
    return null;
  }

  async stop(): Promise<void> {
    await this.#gateway?.[Symbol.asyncDispose]();
  }
}

function isStream(contentType: string | null): boolean {
  return contentType !== null && /^(text\/event-stream|multipart\/mixed)/.test(contentType);
}

/** Only what no page of another site can send unasked: a browser asks before it posts JSON, and not before a form or a link. */
function isOperation({ method, headers }: FastifyRequest): boolean {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  return method === 'POST' && type === 'application/json';
}

function notGraphql({ method, headers }: FastifyRequest): Error {
  const got = `content-type ${headers['content-type'] ?? '(none)'}, accept ${headers.accept ?? '(none)'}`;
  return edgeError(
    'BAD_REQUEST',
    `${method} ${graphqlPath}: expected POST, content-type application/json and accept application/json, got ${got}`,
  );
}
