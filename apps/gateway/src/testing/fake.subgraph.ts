import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import {
  buildSchema,
  getNamedType,
  getNullableType,
  graphql,
  isAbstractType,
  isEnumType,
  isListType,
  isObjectType,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
} from 'graphql';
import { subgraphFiles } from '../supergraph.composer.ts';

export interface FakeSubgraph {
  readonly url: string;
  /** Requests that came. */
  asked: number;
  stop(): void;
}

/** Listens with `answer` on a free port of loopback. */
export async function listening(answer: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<{
  url: string;
  server: Server;
  stop(): void;
}> {
  const server = createServer((request, response) => {
    void Promise.resolve()
      .then(() => answer(request, response))
      .catch(() => response.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/**
 * A subgraph over HTTP with the SDL that an app has committed, whose every answer is made up from the types: two
 * items a list, the same each time.
 */
export async function fakeSubgraph(name: keyof typeof subgraphFiles): Promise<FakeSubgraph> {
  const schema = buildSchema(await readFile(subgraphFiles[name], 'utf8'), { assumeValid: true, assumeValidSDL: true });
  const { url, stop } = await listening(async (request, response) => {
    if (request.url === '/health/live') return void response.end('{"live":true}');
    subgraph.asked++;
    const { query, variables } = (await json(request)) as { query: string; variables?: Record<string, unknown> };
    const result = await graphql({ schema, source: query, variableValues: variables, fieldResolver: madeUp });
    response.setHeader('content-type', 'application/json').end(JSON.stringify(result));
  });
  const subgraph: FakeSubgraph = { url, asked: 0, stop };
  return subgraph;
}

const madeUp: GraphQLFieldResolver<Record<string, unknown> | undefined, unknown> = (
  parent,
  { representations },
  _context,
  { fieldName, returnType },
) => (fieldName === '_entities' ? representations : (parent?.[fieldName] ?? valueOf(returnType)));

function valueOf(type: GraphQLOutputType): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable))
    return [valueOf(nullable.ofType as GraphQLOutputType), valueOf(nullable.ofType as GraphQLOutputType)];
  const named = getNamedType(type);
  if (isEnumType(named)) return named.getValues()[0]!.value;
  if (isObjectType(named)) return {};
  if (isAbstractType(named)) return null;
  const scalars: Readonly<Record<string, unknown>> = {
    ID: 'packaging/damage@1',
    Int: 1,
    Float: 0.5,
    Boolean: false,
    DateTime: '2026-01-01T00:00:00.000Z',
    JSONObject: {},
  };
  return scalars[named.name] ?? 'text';
}
