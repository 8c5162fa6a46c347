import { composeServices } from '@apollo/composition';
import {
  Access,
  actorOf,
  createLogger,
  printSubgraph,
  serverVariables,
  startApp,
  subgraphModule,
  type RunningApp,
} from '@haat/platform';
import { internalTokenSecret } from '@haat/platform/testing';
import { Module } from '@nestjs/common';
import { Context, Query, Resolver } from '@nestjs/graphql';
import { parse } from 'graphql';
import { base64url, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { z } from 'zod';
import { configSchema } from '../config.ts';
import { GatewayModule } from '../gateway.module.ts';
import { listening } from '../testing/fake.subgraph.ts';
import { apiKey as key, KeyServer } from '../testing/key.server.ts';
import { claims, gatewayEnv, issuer, publicJwk, signed } from '../testing/token.issuer.ts';

@Resolver()
class WhoResolver {
  @Access('reader')
  @Query(() => String, { nullable: true })
  who(@Context() context: object): string {
    const { subject, role, scopes } = actorOf(context);
    return `${subject} ${role} ${scopes.join('+')}`;
  }
  @Access('reader', 'risk')
  @Query(() => String, { nullable: true })
  risk(): string {
    return 'health data';
  }
}

@Module({ imports: [subgraphModule({ name: 'packaging', internalTokenSecret })], providers: [WhoResolver] })
class WhoModule {}

interface Answer {
  readonly data?: Record<string, string | null> | null;
  readonly errors?: { message: string; extensions: { code: string; details?: Record<string, unknown> } }[];
}

async function ask(app: RunningApp, headers: Record<string, string>, query = '{ who }') {
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, ...(JSON.parse(text) as Answer) };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('who asks the gateway', () => {
  let keys: KeyServer;
  const started: RunningApp[] = [];
  let subgraph: RunningApp;
  let gateway: RunningApp;
  let env: NodeJS.ProcessEnv;

  async function start(changed: NodeJS.ProcessEnv = {}): Promise<RunningApp> {
    const app = await startApp(
      { name: 'gateway', config: configSchema, module: (config) => GatewayModule.with(config, supergraph) },
      { ...env, ...changed },
      createLogger('gateway', 'silent'),
    );
    started.push(app);
    return app;
  }

  async function supergraph(): Promise<string> {
    const typeDefs = parse(await printSubgraph([WhoResolver]));
    return composeServices([{ name: 'packaging', url: 'http://packaging', typeDefs }]).supergraphSdl!;
  }

  beforeAll(async () => {
    keys = await KeyServer.start();
    subgraph = await startApp(
      { name: 'packaging', config: z.object({ ...serverVariables }), module: () => WhoModule },
      { PORT: '0' },
      createLogger('packaging', 'silent'),
    );
    started.push(subgraph);
    env = {
      ...gatewayEnv,
      PLATFORM_URL: keys.url,
      PACKAGING_URL: subgraph.url,
      CREDENTIALS_BELIEVED_SECONDS: '0.2',
    };
    gateway = await start();
  });
  afterAll(async () => {
    for (const app of started.toReversed()) await app.close();
    keys.stop();
  });

  it('is told to the subgraph, by the claims of the token', async () => {
    const { data } = await ask(gateway, bearer(await signed({ role: 'operator', scopes: ['packaging', 'address'] })));
    expect(data).toEqual({ who: 'user:asha operator packaging+address' });
  });

  it('has no scope by its role: an administrator without the scope is refused, and `*` is let in', async () => {
    const query = '{ risk who }';
    const refused = await ask(gateway, bearer(await signed({ scopes: ['packaging'] })), query);
    expect(refused.data).toEqual({ risk: null, who: 'user:asha admin packaging' });
    expect(refused.errors).toEqual([
      {
        message:
          'Query.risk asks for the role reader and the scope "risk"; you have the role admin and the scopes packaging',
        path: ['risk'],
        extensions: { code: 'FORBIDDEN', details: { field: 'Query.risk', role: 'reader', scope: 'risk' } },
      },
    ]);
    expect((await ask(gateway, bearer(await signed()), query)).data).toEqual({
      risk: 'health data',
      who: 'user:asha admin *',
    });
  });

  it('gets its own answer though others ask the same at the same time', async () => {
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_, n) => signed({ sub: `u${n}`, scopes: n % 2 ? ['risk'] : [] })),
    );
    const answers = await Promise.all(tokens.map((token) => ask(gateway, bearer(token), '{ who risk }')));
    expect(answers.map(({ data }) => data)).toEqual(
      tokens.map((_, n) => ({ who: `user:u${n} admin ${n % 2 ? 'risk' : ''}`, risk: n % 2 ? 'health data' : null })),
    );
  });

  it('cannot pretend: headers that name an actor or an internal token change nothing', async () => {
    const token = await signed({ role: 'reader', scopes: [] });
    const spoofed = {
      ...bearer(token),
      'x-haat-actor': JSON.stringify({ subject: 'user:root', role: 'admin', scopes: ['*'] }),
      'x-actor': 'user:root',
      'x-role': 'admin',
      'x-forwarded-authorization': `Bearer ${await signed()}`,
    };
    const { data } = await ask(gateway, spoofed, '{ who risk }');
    expect(data).toEqual({ who: 'user:asha reader ', risk: null });
    const system = await ask(gateway, bearer(await signed({ sub: 'key:import/1' })));
    expect(system.data).toEqual({ who: 'user:key:import/1 admin *' });
  });

  const otherKeys = generateKeyPair('EdDSA', { extractable: true });
  const now = () => Math.floor(Date.now() / 1_000);
  const forged: readonly (readonly [string, () => Promise<string> | string])[] = [
    ['another key', async () => signed({}, (await otherKeys).privateKey)],
    ['no signature (alg none)', () => new UnsecuredJWT(claims()).encode()],
    ['a signature cut off', async () => (await signed()).replace(/\.[^.]+$/, '.')],
    ['claims changed after signing', async () => withClaims(await signed({ role: 'reader' }), claims())],
    [
      'the public key used as a shared secret',
      () =>
        new SignJWT(claims())
          .setProtectedHeader({ alg: 'HS256', kid: 'test' })
          .sign(new TextEncoder().encode(JSON.stringify(publicJwk))),
    ],
    [
      'a key that it brings itself',
      async () => {
        const { privateKey, publicKey } = await otherKeys;
        const jwk = await exportJWK(publicKey);
        return new SignJWT(claims()).setProtectedHeader({ alg: 'EdDSA', jwk }).sign(privateKey);
      },
    ],
    [
      "the gateway's internal secret",
      () =>
        new SignJWT({ ...claims(), iss: 'haat-gateway', aud: 'packaging' })
          .setProtectedHeader({ alg: 'HS256' })
          .sign(new TextEncoder().encode(internalTokenSecret)),
    ],
    ['no JWT at all', () => 'nonsense'],
  ];
  it.each(forged)('is nobody with a token of %s, and is not told why', async (_what, make) => {
    const { status, errors, data, headers } = await ask(gateway, bearer(await make()));
    expect([status, data, headers.get('www-authenticate')]).toEqual([401, undefined, 'Bearer']);
    expect(errors).toEqual([
      {
        message: 'The token is not good here: send one that the issuer of this gateway signed',
        extensions: { code: 'UNAUTHENTICATED' },
      },
    ]);
  });

  it.each([
    ['expired', () => signed({ exp: now() - 60 }), 'The token has expired'],
    ['of another issuer', () => signed({ iss: 'https://evil.test' }), `expected the issuer "${issuer}"`],
    ['for another audience', () => signed({ aud: 'shop' }), 'claim "aud"'],
    ['without an expiry', () => signed({ exp: undefined }), 'claim "exp"'],
    ['without a subject', () => signed({ sub: undefined }), 'claim "sub"'],
    ['with an unknown role', () => signed({ role: 'root' }), 'claim "role"'],
    ['without a role', () => signed({ role: undefined }), 'claim "role"'],
    ['with scopes that are none', () => signed({ scopes: 'risk' }), 'claim "scopes"'],
  ])('is nobody with a token that is %s, and is told what to mend', async (_what, make, told) => {
    const { status, errors } = await ask(gateway, bearer(await make()));
    expect([status, errors![0]!.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    expect(errors![0]!.message).toContain(told);
  });

  it.each([
    ['nothing', {}],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['two credentials', { authorization: 'Bearer a', 'x-api-key': key(1) }],
  ])('is told what to send when it sends %s', async (_what, headers) => {
    const { status, errors } = await ask(gateway, headers as Record<string, string>);
    expect([status, errors![0]!.extensions]).toEqual([401, { code: 'UNAUTHENTICATED' }]);
    expect(errors![0]!.message).toContain('send "Authorization: Bearer <token or API key>" or "x-api-key: <API key>"');
  });

  it('may send a key in either header, is asked for once at a time, and is nobody soon after it is revoked', async () => {
    const [id] = ['0000000000000007'];
    keys.alive.add(id);
    const before = keys.asked;
    const both = await Promise.all([ask(gateway, bearer(key(7))), ask(gateway, { 'x-api-key': key(7) })]);
    expect(both.map(({ data }) => data)).toEqual(Array(2).fill({ who: `key:import/${id} operator packaging` }));
    expect(keys.asked).toBe(before + 1);
    keys.alive.delete(id);
    let last = await ask(gateway, bearer(key(7)));
    while (last.status === 200) last = await ask(gateway, bearer(key(7)));
    expect([last.status, last.errors![0]!.message]).toEqual([
      401,
      'The API key is not good: it is not known, or it has expired or was revoked',
    ]);
  });

  it('is told that keys cannot be checked, not that its key is bad, while the platform fails', async () => {
    keys.alive.add('0000000000000008');
    keys.down = true;
    const failed = await ask(gateway, bearer(key(8)));
    keys.down = false;
    expect([failed.status, failed.errors![0]!.extensions.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect(failed.text).not.toMatch(/127\.0\.0\.1|500/);
    expect((await ask(gateway, bearer(key(8)))).status).toBe(200);
  });

  it('is counted, each subject for itself: what is too much is refused with the time to wait', async () => {
    const strict = await start({ RATE_LIMIT_PER_MINUTE: '3' });
    keys.alive.add('0000000000000009');
    const token = await signed();
    for (const headers of [bearer(token), bearer(key(9))]) {
      const answers = [];
      for (let n = 0; n < 5; n++) answers.push(await ask(strict, headers));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
      const { errors, headers: answered } = answers[3]!;
      const seconds = errors![0]!.extensions.details!['retryAfterSeconds'];
      expect(errors![0]!.extensions).toMatchObject({ code: 'RATE_LIMITED', details: { requestsPerMinute: 3 } });
      expect(answered.get('retry-after')).toBe(String(seconds));
    }
    expect((await ask(strict, bearer(await signed({ sub: 'another' })))).status).toBe(200);
  });

  it('is read by the keys that its issuer publishes, and waits while these cannot be had', async () => {
    let published = { status: 500, body: '{}' };
    const issuing = await listening((_request, response) => response.writeHead(published.status).end(published.body));
    const { url } = issuing;
    const app = await start({ JWT_PUBLIC_JWK: '', JWT_JWKS_URL: `${url}/keys` });
    const early = await ask(app, bearer(await signed()));
    expect([early.status, early.errors![0]!.extensions.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    published = { status: 200, body: JSON.stringify({ keys: [publicJwk] }) };
    expect((await ask(app, bearer(await signed()))).data).toEqual({ who: 'user:asha admin *' });
    expect((await ask(app, bearer(await signed({}, (await otherKeys).privateKey)))).status).toBe(401);
    issuing.stop();
  });

  it('is not told to send other credentials when the subgraph does not know this gateway', async () => {
    const stranger = await start({ INTERNAL_TOKEN_SECRET: 'another secret than that of the subgraphs' });
    const { status, data, errors } = await ask(stranger, bearer(await signed()));
    expect([status, data?.['who'] ?? null]).toEqual([200, null]);
    expect(errors!.map(({ extensions }) => extensions)).toEqual([{ code: 'SERVICE_UNAVAILABLE' }]);
  });

  it('may look at health, metrics and the page of GraphiQL without saying who it is', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics', '/graphiql']) {
      expect([path, (await fetch(`${gateway.url}${path}`)).status]).toEqual([path, 200]);
    }
  });

  it('finds a token in GraphiQL in development, under a name of this machine only', async () => {
    const token = await signed();
    const app = await start({ HAAT_ENV: 'development', GRAPHIQL_TOKEN: token });
    expect(await (await fetch(`${app.url}/graphiql`)).text()).toContain(token);
    const other = await app.app.inject({ url: '/graphiql', headers: { host: 'rebound.test' } });
    expect([other.statusCode, other.body.includes(token)]).toEqual([200, false]);
    expect(await (await fetch(`${gateway.url}/graphiql`)).text()).not.toContain('Bearer');
  });

  it.each([
    [{ HAAT_ENV: 'production', GRAPHIQL_TOKEN: 'x' }, 'GRAPHIQL_TOKEN'],
    [{ HAAT_ENV: 'development', HOST: '0.0.0.0', GRAPHIQL_TOKEN: 'x' }, 'GRAPHIQL_TOKEN'],
    [{ INTERNAL_TOKEN_SECRET: 'short' }, 'INTERNAL_TOKEN_SECRET'],
    [{ JWT_PUBLIC_JWK: '' }, 'JWT_JWKS_URL'],
    [{ JWT_JWKS_URL: 'https://login.test/keys' }, 'JWT_JWKS_URL'],
    [{ JWT_PUBLIC_JWK: '{"kty":"oct","k":"c2VjcmV0","alg":"HS256"}' }, 'JWT_PUBLIC_JWK'],
  ])('is a question that a gateway with %j does not start for', async (changed, variable) => {
    await expect(start(changed)).rejects.toThrow(variable);
  });
});

/** The token with other claims under the same signature. */
function withClaims(token: string, changed: object): string {
  const [head, , signature] = token.split('.');
  return [head, base64url.encode(JSON.stringify(changed)), signature].join('.');
}
