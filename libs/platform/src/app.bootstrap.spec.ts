import { EventEmitter, once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { edgeError, withLogContext } from './index.ts';
import { Controller, Get, Module, Post } from '@nestjs/common';
import { z } from 'zod';
import {
  bootstrap,
  createLogger,
  databaseVariables,
  exitConfig,
  serverVariables,
  startApp,
  type RunningApp,
} from './index.ts';

let entered: EventEmitter;
let destroyed = false;

class SlowController {
  async slow() {
    entered.emit('in');
    await sleep(150);
    if (destroyed) throw new Error('closed under a request');
    return { answered: true };
  }
  fails() {
    throw new Error('connect ECONNREFUSED 10.0.0.7:5432 at /srv/haat/secret.ts');
  }
  refuses() {
    throw edgeError('INVALID_ARGUMENT', 'first: expected 0 to 1000, got -1', { field: 'first' });
  }
  echo() {
    return { ok: true };
  }
}
Controller()(SlowController);
for (const [method, decorate] of [
  ['slow', Get('slow')],
  ['fails', Get('fails')],
  ['refuses', Get('refuses')],
  ['echo', Post('echo')],
] as const) {
  decorate(SlowController.prototype, method, Object.getOwnPropertyDescriptor(SlowController.prototype, method)!);
}

class SlowModule {
  onModuleDestroy() {
    destroyed = true;
  }
}
Module({ controllers: [SlowController] })(SlowModule);

const options = { name: 'slow', config: z.object({ ...serverVariables }), module: () => SlowModule };
const env = { PORT: '0', LOG_LEVEL: 'info', BODY_LIMIT_BYTES: '2048' };

describe('startApp', () => {
  let running: RunningApp;
  let lines: Record<string, unknown>[];

  beforeEach(async () => {
    entered = new EventEmitter();
    destroyed = false;
    lines = [];
    const logger = createLogger('slow', 'info', {
      write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
    });
    running = await startApp(options, env, logger);
  });
  afterEach(() => running.close());

  it('is live and ready, and shows metrics', async () => {
    expect((await fetch(`${running.url}/health/live`)).status).toBe(200);
    const ready = await fetch(`${running.url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true, checks: [] }]);
    const metrics = await (await fetch(`${running.url}/metrics`)).text();
    expect(metrics).toContain('haat_request_seconds');
    expect(metrics).toContain('app="slow"');
  });

  it('is not ready while a registered check fails, and says why to the log alone', async () => {
    running.health.register('database', () => Promise.reject(new Error('connect ECONNREFUSED 127.0.0.1:5432')));
    const ready = await fetch(`${running.url}/health/ready`);
    const body = await ready.text();
    expect(ready.status).toBe(503);
    expect(JSON.parse(body)).toMatchObject({ ready: false, checks: [{ name: 'database', ok: false }] });
    expect(body).not.toContain('5432');
    expect(lines.find((line) => line.check === 'database')).toMatchObject({ level: 'warn' });
  });

  it('takes over a well-formed request id, makes one otherwise, and logs it', async () => {
    const sent = await fetch(`${running.url}/refuses`, { headers: { 'x-request-id': 'req-1' } });
    expect(sent.headers.get('x-request-id')).toBe('req-1');
    const odd = await fetch(`${running.url}/refuses`, { headers: { 'x-request-id': 'a b"{' } });
    expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(lines.find((line) => line.requestId === 'req-1')).toMatchObject({
      app: 'slow',
      path: '/refuses',
      status: 400,
    });
  });

  it('carries workflow and run ids into the lines of the work inside', () => {
    withLogContext({ requestId: 'r' }, () =>
      withLogContext({ workflowId: 'w', runId: 'x' }, () => running.logger.info('inside')),
    );
    expect(lines.at(-1)).toMatchObject({ requestId: 'r', workflowId: 'w', runId: 'x', msg: 'inside' });
  });

  it('answers an expected failure with its code, and an unknown one without a trace of where it came from', async () => {
    const refused = await fetch(`${running.url}/refuses`);
    expect([refused.status, await refused.json()]).toEqual([
      400,
      {
        errors: [
          {
            message: 'first: expected 0 to 1000, got -1',
            extensions: { code: 'INVALID_ARGUMENT', details: { field: 'first' } },
          },
        ],
      },
    ]);
    const failed = await fetch(`${running.url}/fails`);
    const text = await failed.text();
    const { errors } = JSON.parse(text) as { errors: { extensions: { code: string; reference: string } }[] };
    expect([failed.status, errors[0]!.extensions.code]).toEqual([500, 'INTERNAL']);
    expect(text).not.toMatch(/ECONNREFUSED|10\.0\.0\.7|5432|secret\.ts|stack/);
    expect(lines.find((line) => line.reference === errors[0]!.extensions.reference)).toMatchObject({ level: 'error' });
    expect(await running.metrics.registry.metrics()).toContain('haat_errors_total{code="INTERNAL",app="slow"} 1');
  });

  it.each([
    ['with its length', { 'content-type': 'application/json' }, JSON.stringify('x'.repeat(4_000))],
    [
      'in chunks',
      { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
      JSON.stringify('x'.repeat(4_000)),
    ],
  ])('answers 413 to a body over the limit, sent %s', async (_how, headers, body) => {
    const { status, text } = await post(`${running.url}/echo`, headers, body);
    expect(status).toBe(413);
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'REQUEST_TOO_LARGE' } }] });
  });

  it('answers typed errors to a body that is not JSON and to an unknown address', async () => {
    const bad = await post(`${running.url}/echo`, { 'content-type': 'application/json' }, '{"a":');
    expect([bad.status, JSON.parse(bad.text)]).toMatchObject([
      400,
      { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
    ]);
    const lost = await fetch(`${running.url}/nowhere`);
    expect([lost.status, await lost.json()]).toMatchObject([404, { errors: [{ extensions: { code: 'NOT_FOUND' } }] }]);
  });

  it('says which address is taken', async () => {
    const port = new URL(running.url).port;
    await expect(startApp(options, { ...env, PORT: port }, createLogger('x', 'silent'))).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});

describe('bootstrap', () => {
  it('answers every request that is in flight at SIGTERM, then closes and exits with 0', async () => {
    entered = new EventEmitter();
    destroyed = false;
    const host = Object.assign(new EventEmitter(), {
      env: { ...env, PORT: await freePort(), LOG_LEVEL: 'silent' },
      exit: exitRecorder(),
    });
    await bootstrap(options, host);
    const agent = new Agent({ keepAlive: true });
    let waiting = 20;
    const allIn = new Promise<void>((resolve) => entered.on('in', () => --waiting === 0 && resolve()));
    const answers = Array.from({ length: 20 }, () => get(`http://127.0.0.1:${host.env.PORT}/slow`, agent));
    await allIn;
    host.emit('SIGTERM');
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(20).fill(200));
    await expect(host.exit.status).resolves.toBe(0);
    expect(destroyed).toBe(true);
    await expect(fetch(`http://127.0.0.1:${host.env.PORT}/health/live`)).rejects.toThrow();
    agent.destroy();
  });

  it('exits with 78 and lists what to set when the environment is not complete', async () => {
    const host = Object.assign(new EventEmitter(), { env: {}, exit: exitRecorder() });
    const written: string[] = [];
    const original = process.stderr.write.bind(process.stderr);
    process.stderr.write = (text) => written.push(String(text)) > 0;
    try {
      await bootstrap({ ...options, config: z.object({ ...serverVariables, ...databaseVariables }) }, host);
    } finally {
      process.stderr.write = original;
    }
    await expect(host.exit.status).resolves.toBe(exitConfig);
    expect(written.join('')).toMatch(/PORT: not set[^]*DATABASE_URL: not set/);
  });
});

function exitRecorder(): ((status: number) => void) & { status: Promise<number> } {
  const events = new EventEmitter();
  const status = once(events, 'exit').then(([code]) => code as number);
  return Object.assign((code: number) => void events.emit('exit', code), { status });
}

async function freePort(): Promise<string> {
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function get(url: string, agent: Agent): Promise<Answer> {
  return send(url, 'GET', {}, '', agent);
}

function post(url: string, headers: Record<string, string>, body: string): Promise<Answer> {
  return send(url, 'POST', headers, body);
}

function send(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: string,
  agent?: Agent,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent }, (response) => {
      const parts: string[] = [];
      response.setEncoding('utf8').on('data', (part: string) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: parts.join('') }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
