import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { json, text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

import { developmentPublicJwk, homeAt, identify, portsFrom, writeState } from '@haat/dev-stack';

import { runCli } from '../cli.program.ts';

const tests = 'test_id,person_id,day,kind,result\nt1,asha,2026-03-01,pcr,positive\n';
const digest = createHash('sha256').update(tests).digest('hex');

interface Asked {
  readonly query: string;
  readonly variables: { readonly input: object };
}

describe('haat ingest-day', () => {
  let root: string;
  let gateway: Server;
  /** What each question is answered with, by the field that it asks for. */
  let answers: Readonly<Record<string, object>>;
  let asked: { readonly field: string; readonly input: object; readonly stored: boolean }[];
  const folder = () => join(root, 'day');
  const artifacts = () => join(root, 'artifacts');

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'haat-cli-ingest-'));
    mkdirSync(folder());
    writeFileSync(join(folder(), 'tests.csv'), tests);
    mkdirSync(join(root, 'home'));
    const home = homeAt(join(root, 'home'));
    developmentPublicJwk(home);
    gateway = createServer((request, response) => {
      void json(request).then((question) => {
        const { query, variables } = question as Asked;
        const field = /\{ (\w+)/.exec(query)![1]!;
        asked.push({ field, input: variables.input, stored: existsSync(artifacts()) });
        response.end(JSON.stringify(answers[field]));
      });
    });
    await once(gateway.listen(0, '127.0.0.1'), 'listening');
    const ports = { ...portsFrom(40_000), gateway: (gateway.address() as AddressInfo).port };
    writeState(home, { launcher: identify(process.pid)!, startedAt: new Date(0).toISOString(), ports, services: [] });
  });
  beforeEach(() => {
    asked = [];
    rmSync(artifacts(), { recursive: true, force: true });
  });
  afterAll(() => {
    gateway.close();
    gateway.closeAllConnections();
    rmSync(root, { recursive: true });
  });

  async function ingest() {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const said = text(stderr);
    const env = { ARTIFACTS_URL: pathToFileURL(artifacts()).href };
    const args = ['ingest-day', 'risk/transmission', folder(), '--day', '2026-03-01', '--no-wait', '--json'];
    const status = await runCli([...args, '--home', join(root, 'home')], { env, stdin, stdout, stderr, exit: 0 });
    stderr.end();
    return { status, said: await said };
  }

  const input = { model: 'risk/transmission', day: '2026-03-01', files: [{ name: 'tests.csv', digest }] };

  it('stores nothing of a day that the platform refuses', async () => {
    answers = { ingestDayRun: { data: null, errors: [{ message: 'no', extensions: { code: 'FORBIDDEN' } }] } };
    const { status, said } = await ingest();
    expect(status).toBe(1);
    expect(said).toMatch(/FORBIDDEN/);
    expect(asked).toEqual([{ field: 'ingestDayRun', input, stored: false }]);
    expect(existsSync(artifacts())).toBe(false);
  });

  it('stores the files of one that it takes before the run begins', async () => {
    const run = { id: 'ingest/risk-transmission/1', kind: 'ingest', state: 'queued' };
    answers = { ingestDayRun: { data: { ingestDayRun: run.id } }, ingestDay: { data: { ingestDay: run } } };
    expect((await ingest()).status).toBe(0);
    expect(asked).toEqual([
      { field: 'ingestDayRun', input, stored: false },
      { field: 'ingestDay', input, stored: true },
    ]);
    expect(readdirSync(join(artifacts(), digest.slice(0, 2)))).toEqual([digest]);
  });
});
