import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Access,
  createLogger,
  printSubgraph,
  serverVariables,
  startApp,
  subgraphModule,
  type RunningApp,
} from '@haat/platform';
import { eventsOf, gathered, internalTokenSecret } from '@haat/platform/testing';
import { Module } from '@nestjs/common';
import { Query, Resolver, Subscription } from '@nestjs/graphql';
import { z } from 'zod';
import { configSchema } from '../config.ts';
import { GatewayModule } from '../gateway.module.ts';
import { composeSupergraph } from '../supergraph.composer.ts';
import { apiKey, KeyServer } from '../testing/key.server.ts';
import { gatewayEnv, signed } from '../testing/token.issuer.ts';

/** Streams that are open in the subgraph. */
let open = 0;

@Resolver()
class WaitResolver {
  @Access('reader')
  @Query(() => String, { nullable: true })
  nothing(): null {
    return null;
  }

  /** Tells that it began, and waits until it is left. */
  @Access('reader')
  @Subscription(() => String, { nullable: true, resolve: (told: string) => told })
  waiting(): AsyncIterable<string> {
    const left = new AbortController();
    let begun = false;
    open++;
    return {
      [Symbol.asyncIterator]: () => ({
        async next() {
          if (begun && !left.signal.aborted) await once(left.signal, 'abort');
          if (left.signal.aborted) return { done: true, value: undefined };
          begun = true;
          return { done: false, value: 'begun' };
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

@Module({ imports: [subgraphModule({ name: 'packaging', internalTokenSecret })], providers: [WaitResolver] })
class WaitModule {}

describe('who follows a subscription', () => {
  let keys: KeyServer;
  let subgraph: RunningApp;
  const started: RunningApp[] = [];

  beforeAll(async () => {
    keys = await KeyServer.start();
    subgraph = await startApp(
      { name: 'packaging', config: z.object({ ...serverVariables }), module: () => WaitModule },
      { PORT: '0' },
      createLogger('packaging', 'silent'),
    );
  });
  beforeEach(() => keys.alive.add('0000000000000001'));
  afterEach(async () => {
    keys.down = false;
    keys.rights = { role: 'operator', scopes: ['packaging'] };
    while (open > 0) await sleep(5);
    for (const gateway of started.splice(0)) await gateway.close();
  });
  afterAll(async () => {
    await subgraph.close();
    keys.stop();
  });

  /** Follows at a gateway of its own that believes for so long; has heard the first event. */
  async function following(seconds: number, authorization = `Bearer ${apiKey(1)}`) {
    const gateway = await startApp(
      {
        name: 'gateway',
        config: configSchema,
        module: (config) =>
          GatewayModule.with(config, async () => composeSupergraph({ packaging: await printSubgraph([WaitResolver]) })),
      },
      {
        ...gatewayEnv,
        PLATFORM_URL: keys.url,
        PACKAGING_URL: subgraph.url,
        CREDENTIALS_BELIEVED_SECONDS: String(seconds),
        SUBGRAPH_TIMEOUT_MS: '60000',
      },
      createLogger('gateway', 'silent'),
    );
    started.push(gateway);
    const stream = eventsOf(gateway.url, { query: 'subscription { waiting }', headers: { authorization } });
    expect(JSON.parse((await stream.next()).value!)).toEqual({ data: { waiting: 'begun' } });
    return { gateway, stream };
  }

  const refusal = (code: string, message: RegExp) => [
    { errors: [expect.objectContaining({ message: expect.stringMatching(message), extensions: { code } })] },
  ];

  it('by a key that is revoked is told so, and the stream ends, here and in the subgraph', async () => {
    const { stream, gateway } = await following(0.1);
    keys.alive.delete('0000000000000001');
    const { asked } = keys;
    expect(await gathered(stream)).toEqual(refusal('UNAUTHENTICATED', /^The API key is not good: .* was revoked$/));
    expect(keys.asked - asked).toBeLessThanOrEqual(2);
    while (open > 0) await sleep(5);
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toMatch(/haat_subscriptions\{app="gateway"\} 0/);
  });

  it('by a token that expires is told so then, however long it is believed', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 3;
    const { stream } = await following(60, `Bearer ${await signed({ exp })}`);
    expect(await gathered(stream)).toEqual(refusal('UNAUTHENTICATED', /has expired/));
  });

  it.each([
    ['another role', { role: 'reader' as const, scopes: ['packaging'] }],
    ['one scope less', { role: 'operator' as const, scopes: [] }],
  ])('by a key that stands for %s now is told so', async (_what, rights) => {
    const { stream } = await following(0.1);
    keys.rights = rights;
    expect(await gathered(stream)).toEqual(refusal('FORBIDDEN', /has changed meanwhile: ask again$/));
  });

  it('by a key that cannot be checked any more is told to ask again', async () => {
    const { stream } = await following(0.1);
    keys.down = true;
    expect(await gathered(stream)).toEqual(
      refusal('SERVICE_UNAVAILABLE', /cannot be checked at the moment; ask again$/),
    );
  });

  it('by a key that stays good is asked for again and again, is not counted for it, and goes on', async () => {
    const { stream, gateway } = await following(0.1);
    const { asked } = keys;
    while (keys.asked < asked + 4) await sleep(5);
    expect(open).toBe(1);
    const next = stream.next();
    await gateway.close();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});
