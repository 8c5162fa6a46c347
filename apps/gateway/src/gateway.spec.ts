import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { EventEmitter, once } from 'node:events';
import { composeServices } from '@apollo/composition';
import { errorsOf } from '@haat/kit';
import {
  Access,
  createLogger,
  currentLogContext,
  printSubgraph,
  serverVariables,
  startApp,
  subgraphModule,
  type RunningApp,
} from '@haat/platform';
import { internalTokenSecret } from '@haat/platform/testing';
import { Module } from '@nestjs/common';
import { Args, Directive, Field, ID, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { graphql, parse } from 'graphql';
import { z } from 'zod';
import { configSchema } from './config.ts';
import { GatewayModule } from './gateway.module.ts';
import { gatewayEnv, signed } from './testing/token.issuer.ts';

const shopError = errorsOf({ UNKNOWN_PRODUCT: 'caller', FIT_FELL: 'fault' } as const);

/** Trainings that were really started. */
let trainings = 0;

@ObjectType('Product')
@Directive('@key(fields: "id")')
@Access('reader', 'packaging')
class Product {
  @Field(() => ID)
  id!: string;
}

@Resolver(() => Product)
class OwnerResolver {
  @Access('reader', 'packaging')
  @Query(() => Product, { nullable: true })
  product(@Args('id', { type: () => ID }) id: string): Product {
    if (id === 'p9') throw shopError('UNKNOWN_PRODUCT', 'Product "p9" is not known', { field: 'id' });
    if (id === 'bug') throw new TypeError('/srv/secret.ts broke');
    return { id };
  }
  @Access('reader')
  @Query(() => String, { nullable: true })
  requestId(@Args('asOf', { type: () => Date, nullable: true }) _asOf?: Date | null): string {
    return currentLogContext()?.requestId ?? 'none';
  }
  @Access('operator')
  @Mutation(() => String)
  train(): string {
    trainings++;
    return 'started';
  }
}

const packingSdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Product @key(fields: "id") { id: ID! packaging: String }
  type Query { plan: String }
`;

/** A second subgraph, by hand: two code-first ones in one process would share their types. */
function packingSubgraph(asked?: () => Promise<void>): Server {
  const schema = buildSubgraphSchema([
    {
      typeDefs: parse(packingSdl),
      resolvers: { Product: { packaging: () => 'carton' }, Query: { plan: () => 'planned' } },
    },
  ]);
  return createServer(async (request, response) => {
    if (request.url === '/health/live') return void response.end();
    const { query, variables } = (await json(request)) as { query: string; variables: object };
    await asked?.();
    const result = await graphql({ schema, source: query, variableValues: { ...variables } });
    response.setHeader('content-type', 'application/json').end(JSON.stringify(result));
  });
}

@Module({ imports: [subgraphModule({ name: 'platform', internalTokenSecret })], providers: [OwnerResolver] })
class OwnerModule {}

async function supergraph(): Promise<string> {
  const { supergraphSdl } = composeServices([
    { name: 'platform', url: 'http://platform', typeDefs: parse(await printSubgraph([OwnerResolver])) },
    { name: 'packaging', url: 'http://packaging', typeDefs: parse(packingSdl) },
  ]);
  return supergraphSdl!;
}

async function listening(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const typed = (type: string): RequestInit => ({ method: 'POST', headers: { 'content-type': type } });

interface Answer {
  data?: Record<string, unknown>;
  errors?: { message: string; extensions: Record<string, unknown> }[];
}

async function askAt(url: string, query: string, variables: object = {}, headers: Record<string, string> = {}) {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await signed()}`, ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: JSON.parse(text) as Answer };
}

describe('gateway', () => {
  let gateway: RunningApp;
  let platform: RunningApp;
  let packing: Server;
  const log: string[] = [];

  beforeAll(async () => {
    platform = await startApp(
      { name: 'platform', config: z.object({ ...serverVariables }), module: () => OwnerModule },
      { PORT: '0' },
      createLogger('platform', 'silent'),
    );
    packing = packingSubgraph();
    const packagingUrl = await listening(packing);
    gateway = await startApp(
      { name: 'gateway', config: configSchema, module: (config) => GatewayModule.with(config, supergraph) },
      { ...gatewayEnv, PLATFORM_URL: platform.url, PACKAGING_URL: packagingUrl },
      createLogger('gateway', 'info', { write: (line) => void log.push(line) }),
    );
  });
  afterAll(async () => {
    await Promise.all([gateway, platform].map((app) => app.close()));
    packing.close();
    packing.closeAllConnections();
  });
  const ask = (query: string, variables: object = {}, headers: Record<string, string> = {}) =>
    askAt(gateway.url, query, variables, headers);

  it('joins what two subgraphs know of one product', async () => {
    const { body } = await ask('{ product(id: "p1") { id packaging } }');
    expect(body).toEqual({ data: { product: { id: 'p1', packaging: 'carton' } } });
    expect((await ask('mutation { train }')).body).toEqual({ data: { train: 'started' } });
  });

  it("hands the client's request id on", async () => {
    const { body, headers } = await ask('{ requestId }', {}, { 'x-request-id': 'abc' });
    expect(body.data).toEqual({ requestId: 'abc' });
    expect(headers.get('x-request-id')).toBe('abc');
  });

  it('logs who asked what, by the subject of the credentials', async () => {
    await ask('{ requestId }', {}, { 'x-request-id': 'who-asks' });
    const lines = log.filter((line) => line.includes('who-asks')).map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([{ msg: 'request', actor: 'user:asha', operation: 'query requestId', status: 200 }]);
  });

  it("passes a subgraph's expected error, and nothing of the subgraph", async () => {
    const { body } = await ask('{ product(id: "p9") { id } }');
    expect(body.errors).toEqual([
      {
        message: 'Product "p9" is not known',
        path: ['product'],
        extensions: { code: 'UNKNOWN_PRODUCT', details: { field: 'id' } },
      },
    ]);
  });

  it('answers a bug of a subgraph as INTERNAL with a reference', async () => {
    const { body, text } = await ask('{ product(id: "bug") { id } }');
    expect(body.errors![0]!.extensions).toEqual({ code: 'INTERNAL', reference: expect.any(String) });
    expect(text).not.toMatch(/srv|secret|TypeError|stack|platform/);
  });

  it.each([
    ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED', 'Cannot query field "nothing" on type "Query".'],
    ['{ pro', 'GRAPHQL_PARSE_FAILED', 'Syntax Error: Expected Name, found <EOF>.'],
    [
      'query ($a: ID!) { product(id: $a) { id } }',
      'BAD_USER_INPUT',
      'Variable "$a" of required type "ID!" was not provided.',
    ],
    [
      'query A { plan } query B { plan }',
      'OPERATION_RESOLUTION_FAILURE',
      'Could not determine what operation to execute.',
    ],
  ])('refuses %s as %s', async (query, code, message) => {
    const { body } = await ask(query);
    expect(body).toEqual({ errors: [expect.objectContaining({ message, extensions: { code } })] });
  });

  it.each([
    [
      '{ requestId(asOf: 20250101) }',
      {},
      /^asOf: Expected value of type "DateTime", found 20250101; expected an ISO 8601/,
    ],
    [
      'query ($at: DateTime) { requestId(asOf: $at) }',
      { at: 'banana' },
      /^Variable "\$at" got .*; .*expected an ISO 8601/,
    ],
    ['{ product(id: "p\\u0000") { id } }', {}, /holds the character NUL/],
    ['query ($id: ID!) { product(id: $id) { id } }', { id: 'p\0' }, /^Variable "\$id" holds the character NUL/],
  ])('hands on why a subgraph takes no such argument: %s', async (query, variables, message) => {
    const { body } = await ask(query, variables);
    expect(body.errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(message),
        extensions: { code: 'INVALID_ARGUMENT' },
      }),
    ]);
  });

  it('refuses a query of 10 MB with 413', async () => {
    const { status, body } = await ask(`{ plan } #${'x'.repeat(10_000_000)}`);
    expect(status).toBe(413);
    expect(body.errors![0]!.extensions).toEqual({ code: 'REQUEST_TOO_LARGE', details: { limitBytes: 1_048_576 } });
  });

  it.each([
    ['text/plain', 'x'],
    ['application/json', '{"quer'],
    ['application/json', '[]'],
    ['application/json', '{}'],
    ['application/json', 'null'],
    ['application/json', '{"query":3}'],
  ])('refuses %s %s as BAD_REQUEST', async (type, sent) => {
    const answer = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': type, authorization: `Bearer ${await signed()}` },
      body: sent,
    });
    const { errors } = (await answer.json()) as Answer;
    expect(answer.status).toBe(400);
    expect(errors![0]!.extensions).toEqual({ code: 'BAD_REQUEST' });
  });

  const form = new URLSearchParams({ query: 'mutation { train }' });
  const operation = JSON.stringify({ query: 'mutation { train }' });
  const multipart = new FormData();
  multipart.set('operations', operation);
  multipart.set('map', '{}');

  it.each<[string, string, RequestInit]>([
    ['a form', '', { method: 'POST', body: form }],
    ['a form with files', '', { method: 'POST', body: multipart }],
    ['text', '', { method: 'POST', body: operation }],
    ['text that speaks of JSON', '', { ...typed('text/plain; x=application/json'), body: operation }],
    ['two types at once', '', { ...typed('text/plain, application/json'), body: operation }],
    ['GraphQL alone', '', { ...typed('application/graphql'), body: 'mutation { train }' }],
    ['bytes of no type', '', { method: 'POST', body: Buffer.from(operation) }],
    ['a link to a mutation', `?${form}`, {}],
    ['a link to a query', '?query=%7Bplan%7D', {}],
    ['a link with the type of JSON', '?query=%7Bplan%7D', { headers: { 'content-type': 'application/json' } }],
    ['the question of a browser', '', { method: 'OPTIONS' }],
  ])('runs nothing for %s', async (_what, search, request) => {
    const before = trainings;
    const headers = { authorization: `Bearer ${await signed()}`, ...request.headers };
    const answer = await fetch(`${gateway.url}/graphql${search}`, { ...request, headers });
    const { errors, data } = (await answer.json()) as Answer;
    expect([answer.status, data, errors![0]!.extensions]).toEqual([400, undefined, { code: 'BAD_REQUEST' }]);
    expect(trainings).toBe(before);
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON'])(
    'runs an operation that comes as %s',
    async (type) => {
      const before = trainings;
      expect((await ask('mutation { train }', {}, { 'content-type': type })).body.data).toEqual({ train: 'started' });
      expect(trainings).toBe(before + 1);
    },
  );

  it('serves GraphiQL whole, with the example queries in tabs', async () => {
    const page = await (await fetch(`${gateway.url}/graphiql`)).text();
    expect(page).toContain('packagingPlan');
    expect(page).not.toMatch(/(src|href)="https?:/);
    const files = [...page.matchAll(/(?:src|href)="(\/graphiql\/[^"]+)"/g)].map(([, path]) => path!);
    expect(files).toEqual(['/graphiql/graphiql.css', '/graphiql/graphiql.js']);
    for (const path of [...files, '/graphiql/editorWorkerService.js', '/graphiql/json.js', '/graphiql/graphql.js']) {
      const answer = await fetch(`${gateway.url}${path}`);
      expect([path, answer.status]).toEqual([path, 200]);
      expect((await answer.text()).length).toBeGreaterThan(10_000);
    }
  });

  it('measures operations and counts errors by code', async () => {
    await ask('{ plan }');
    await ask('{ nothing }');
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toMatch(/haat_request_seconds_count\{app="gateway",operation="query plan",outcome="ok"\} [1-9]/);
    expect(metrics).toMatch(/haat_errors_total\{code="GRAPHQL_VALIDATION_FAILED",app="gateway"\} [1-9]/);
    expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(200);
  });

  it('leaves the end of the process to the app', () => {
    expect(process.listeners('SIGTERM')).toEqual([]);
  });
});

describe('gateway over subgraphs that do not answer', () => {
  const html = createServer((_request, response) => response.end('<html>10.0.0.3</html>'));
  const silent = createServer(() => {});
  const gone = createServer();
  let urls: string[];

  beforeAll(async () => {
    urls = await Promise.all([html, silent, gone].map(listening));
    await new Promise((closed) => gone.close(closed));
  });
  afterAll(() => {
    html.close();
    silent.close();
    silent.closeAllConnections();
  });

  it.each([0, 1, 2])('says SERVICE_UNAVAILABLE for its part and answers the rest (%i)', async (broken) => {
    const packing = packingSubgraph();
    const gateway = await startApp(
      { name: 'gateway', config: configSchema, module: (config) => GatewayModule.with(config, supergraph) },
      {
        ...gatewayEnv,
        PLATFORM_URL: urls[broken],
        PACKAGING_URL: await listening(packing),
        SUBGRAPH_TIMEOUT_MS: '300',
      },
      createLogger('gateway', 'silent'),
    );
    const { status, body, text } = await askAt(gateway.url, '{ plan requestId }');
    expect(status).toBe(200);
    expect(body.errors).toEqual([
      {
        message: 'What answers "requestId" does not answer at the moment; ask again',
        path: ['requestId'],
        extensions: { code: 'SERVICE_UNAVAILABLE' },
      },
    ]);
    expect(text).not.toMatch(/127\.0\.0\.1|ECONN|html|10\.0\.0\.3|http|stack/);
    expect(body.data).toEqual({ plan: 'planned', requestId: null });
    await gateway.close();
    packing.close();
    packing.closeAllConnections();
  });
});

describe('a gateway that closes', () => {
  it('answers what is in flight first', async () => {
    const turns = new EventEmitter();
    const asked = once(turns, 'asked');
    const packing = packingSubgraph(async () => {
      turns.emit('asked');
      await once(turns, 'answer');
    });
    const gateway = await startApp(
      { name: 'gateway', config: configSchema, module: (config) => GatewayModule.with(config, supergraph) },
      { ...gatewayEnv, PLATFORM_URL: 'http://127.0.0.1:1', PACKAGING_URL: await listening(packing) },
      createLogger('gateway', 'silent'),
    );
    const answer = askAt(gateway.url, '{ plan }');
    await asked;
    const closed = gateway.close();
    turns.emit('answer');
    expect((await answer).body).toEqual({ data: { plan: 'planned' } });
    await closed;
    packing.close();
    packing.closeAllConnections();
  });
});
