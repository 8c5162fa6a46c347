import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorsOf } from '@haat/kit';
import {
  Access,
  actorOf,
  createLogger,
  printSubgraph,
  serverVariables,
  startApp,
  subgraphModule,
  type RequestContext,
  type RunningApp,
} from '@haat/platform';
import { eventsOf, gathered, internalTokenSecret } from '@haat/platform/testing';
import { Module } from '@nestjs/common';
import { Args, Context, Int, Query, Resolver, Subscription } from '@nestjs/graphql';
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import { configSchema } from './config.ts';
import { GatewayModule } from './gateway.module.ts';
import { composeSupergraph } from './supergraph.composer.ts';
import { gatewayEnv, signed } from './testing/token.issuer.ts';

const shopError = errorsOf({ UNKNOWN_RUN: 'caller' } as const);

/** Streams that are open in the subgraph. */
let open = 0;

@Resolver()
class TickResolver {
  @Access('reader')
  @Query(() => String)
  nothing(): string {
    return 'nothing';
  }

  @Access('operator')
  @Subscription(() => String, { nullable: true, resolve: (told: string) => told })
  async *asker(@Context() context: object): AsyncIterable<string> {
    yield JSON.stringify(actorOf(context));
  }

  /** Tells the numbers up to `to`; without one it tells 0 and waits until it is left. */
  @Access('reader')
  @Subscription(() => String, { nullable: true, resolve: (told: string) => told })
  ticks(
    @Args('to', { type: () => Int, defaultValue: null, nullable: true }) to: number | null,
    @Context() context: RequestContext,
  ): AsyncIterable<string> {
    if (to !== null && to < 0) throw shopError('UNKNOWN_RUN', `Run ${to} is not known`);
    const id = String(context.req.raw.headers['x-request-id']);
    const left = new AbortController();
    let at = 0;
    open++;
    return {
      [Symbol.asyncIterator]: () => ({
        async next() {
          if (to !== null && at > to) return this.return!();
          if (to === null && at > 0) await once(left.signal, 'abort');
          if (left.signal.aborted) return { done: true, value: undefined };
          return { done: false, value: `${id} ${at++}` };
        },
        return() {
          if (!left.signal.aborted) open--;
          left.abort();
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
  }
}

@Module({ imports: [subgraphModule({ name: 'platform', internalTokenSecret })], providers: [TickResolver] })
class TickModule {}

async function startGateway(platformUrl: string, env: Record<string, string> = {}): Promise<RunningApp> {
  const supergraph = async () => composeSupergraph({ platform: await printSubgraph([TickResolver]) });
  return startApp(
    { name: 'gateway', config: configSchema, module: (config) => GatewayModule.with(config, supergraph) },
    { ...gatewayEnv, PLATFORM_URL: platformUrl, PACKAGING_URL: 'http://127.0.0.1:1', ...env },
    createLogger('gateway', 'silent'),
  );
}

/** The events of a subscription of a user, as they come. */
async function* events(
  { url }: RunningApp,
  query: string,
  signal?: AbortSignal,
  who: JWTPayload = {},
): AsyncGenerator<string> {
  const headers = { authorization: `Bearer ${await signed(who)}`, 'x-request-id': 'mine' };
  yield* eventsOf(url, { query, headers, signal });
}

describe('subscriptions', () => {
  let platform: RunningApp;
  beforeAll(async () => {
    platform = await startApp(
      { name: 'platform', config: z.object({ ...serverVariables }), module: () => TickModule },
      { PORT: '0' },
      createLogger('platform', 'silent'),
    );
  });
  afterAll(() => platform.close());
  afterEach(async () => {
    while (open > 0) await sleep(5);
  });

  it('come event by event, end with their source, and carry the headers of the request to it', async () => {
    const gateway = await startGateway(platform.url);
    expect(await gathered(events(gateway, 'subscription { ticks(to: 2) }'))).toEqual(
      [0, 1, 2].map((n) => ({ data: { ticks: `mine ${n}` } })),
    );
    await gateway.close();
  });

  it('tell the subgraph who asks, each by itself over the socket that they share', async () => {
    const gateway = await startGateway(platform.url);
    const asked = async (sub: string, role: string) =>
      (await gathered(events(gateway, 'subscription { asker }', undefined, { sub, role, scopes: ['packaging'] })))[0];
    const told = await Promise.all([asked('asha', 'operator'), asked('ravi', 'admin'), asked('mala', 'reader')]);
    const actors = told.map((one) => (one as { data?: { asker: string } }).data?.asker);
    expect(actors.slice(0, 2).map((text) => JSON.parse(text!) as object)).toEqual([
      expect.objectContaining({ subject: 'user:asha', role: 'operator', scopes: ['packaging'] }),
      expect.objectContaining({ subject: 'user:ravi', role: 'admin', scopes: ['packaging'] }),
    ]);
    expect(told[2]).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    await gateway.close();
  });

  it("pass the subgraph's expected error, cleaned as everywhere", async () => {
    const gateway = await startGateway(platform.url);
    expect(await gathered(events(gateway, 'subscription { ticks(to: -1) }'))).toEqual([
      { errors: [expect.objectContaining({ message: 'Run -1 is not known', extensions: { code: 'UNKNOWN_RUN' } })] },
    ]);
    await gateway.close();
  });

  it('are followed so many at once; one whose client leaves makes room, here and in the subgraph', async () => {
    const gateway = await startGateway(platform.url, { SUBSCRIPTION_LIMIT: '2' });
    const leave = new AbortController();
    const streams = [
      events(gateway, 'subscription { ticks }', leave.signal),
      events(gateway, 'subscription { ticks }'),
    ];
    for (const stream of streams) expect((await stream.next()).value).toContain('mine 0');
    expect(open).toBe(2);
    expect(await gathered(events(gateway, 'subscription { ticks(to: 1) }'))).toEqual([
      { errors: [expect.objectContaining({ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', details: { limit: 2 } } })] },
    ]);
    leave.abort();
    while (open > 1) await sleep(5);
    const gauge = async () =>
      /haat_subscriptions\{app="gateway"\} (\d)/.exec(await (await fetch(`${gateway.url}/metrics`)).text())![1];
    while ((await gauge()) !== '1') await sleep(5);
    expect(await gathered(events(gateway, 'subscription { ticks(to: 0) }'))).toEqual([{ data: { ticks: 'mine 0' } }]);
    await streams[1]!.return(undefined);
    await gateway.close();
  });

  it('do not keep a closing gateway waiting: they end, and their source with them', async () => {
    const gateway = await startGateway(platform.url, { DRAIN_SECONDS: '3600' });
    const stream = events(gateway, 'subscription { ticks }');
    await stream.next();
    const ended = stream.next();
    await gateway.close();
    expect((await ended).done).toBe(true);
  });

  it('of a subgraph that is away are told so, without its address', async () => {
    const gateway = await startGateway('http://127.0.0.1:1', { SUBGRAPH_TIMEOUT_MS: '200' });
    const told = await gathered(events(gateway, 'subscription { ticks }'));
    expect(told).toEqual([{ errors: [expect.objectContaining({ extensions: { code: 'SERVICE_UNAVAILABLE' } })] }]);
    expect(JSON.stringify(told)).not.toMatch(/127|ECONN|ws:/);
    await gateway.close();
  });
});
