import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { json, text } from 'node:stream/consumers';

import type { CliContext } from '../cli.context.ts';
import { startInference, type Run } from '../gateway/run.queries.ts';
import { followedRun, watchedRun, type Following } from './followed.run.ts';

const run: Run = {
  id: 'infer/risk-transmission/1',
  model: 'risk/transmission',
  kind: 'infer',
  state: 'running',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  progress: null,
  steps: [],
  metrics: null,
  version: null,
  promoted: false,
  promotion: null,
  approval: null,
  backfill: null,
  error: null,
};
const failed: Run = { ...run, state: 'failed', error: { code: 'NO_DATA', message: 'Nothing was observed.' } };

describe('a run that a command starts', () => {
  let server: Server;
  /** As it is when it is started, and at every look after that; the last of them stays. */
  let looks: Run[];
  beforeEach(async () => {
    server = createServer(async (request, response) => {
      const { query } = (await json(request)) as { query: string };
      response.setHeader('content-type', 'application/json');
      if (query.startsWith('subscription')) return void response.writeHead(404).end('{}');
      const now = looks.length > 1 ? looks.shift() : looks[0];
      response.end(JSON.stringify({ data: query.startsWith('mutation') ? { inferModel: now } : { run: now } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  /** What a command says: on stdout, on stderr, and what it throws. */
  const said = async (does: (context: CliContext) => Promise<void>) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
    const context: CliContext = { env: { HAAT_URL: url }, stdin: process.stdin, stdout, stderr, exit: 0 };
    const thrown = await does(context).then(
      () => null,
      (error: Error) => error.message,
    );
    stdout.end();
    stderr.end();
    return { out: await text(stdout), err: await text(stderr), thrown };
  };

  const infer = (wait: boolean, following: Following) =>
    said((context) =>
      followedRun(context, { wait }, (gateway) => startInference(gateway, { model: run.model }), following),
    );

  it('is watched to its end, and told by what the command makes of it', async () => {
    looks = [run, run, { ...run, state: 'completed' }];
    const told = await infer(true, { title: 'infer', tell: ({ state }) => expect(state).toBe('completed') });
    expect(told).toEqual({
      out: '',
      err: `Run ${run.id}. Watch it with: npx haat runs watch ${run.id}\ninfer done: completed\n`,
      thrown: null,
    });
    expect.assertions(2);
  });

  it('is only started where nobody waits', async () => {
    looks = [run];
    const tell = () => expect(true).toBe(false);
    const told = await infer(false, { tell });
    expect(told).toEqual({
      out: `Run ${run.id}. Watch it with: npx haat runs watch ${run.id}\n`,
      err: '',
      thrown: null,
    });
  });

  it('is said to be an old one where it had ended', async () => {
    const version = { id: 'risk/transmission@3', version: 3, digest: 'd' };
    looks = [{ ...run, state: 'completed', version }];
    const { out } = await infer(false, {});
    expect(out).toContain('has ended already (completed: risk/transmission@3); nothing was started anew');
  });

  it('ends the command where it failed, and is not told', async () => {
    looks = [run, failed];
    const { out, thrown } = await infer(true, { tell: () => expect(true).toBe(false) });
    expect([out, thrown]).toEqual([
      '',
      expect.stringContaining(`Run ${run.id} failed: NO_DATA: Nothing was observed.`),
    ]);
  });

  it('that is there already is watched in the same way', async () => {
    looks = [run, { ...run, state: 'completed' }];
    const { out, err, thrown } = await said((context) => watchedRun(context, {}, run.id));
    expect([out, err, thrown]).toEqual([expect.stringContaining(run.id), `${run.id} done: completed\n`, null]);
    looks = [failed];
    expect((await said((context) => watchedRun(context, {}, run.id))).thrown).toContain('NO_DATA');
  });
});
