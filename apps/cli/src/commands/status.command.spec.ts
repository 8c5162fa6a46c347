import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import { developmentPublicJwk, homeAt, identify, portsFrom, writeState } from '@haat/dev-stack';

import { runCli } from '../cli.program.ts';

describe('haat status', () => {
  let root: string;
  let gateway: Server;
  let answer: object;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'haat-cli-status-'));
    const home = homeAt(root);
    developmentPublicJwk(home);
    gateway = createServer((_, response) => response.end(JSON.stringify(answer)));
    await once(gateway.listen(0, '127.0.0.1'), 'listening');
    const ports = { ...portsFrom(40_000), gateway: (gateway.address() as AddressInfo).port };
    writeState(home, { launcher: identify(process.pid)!, startedAt: new Date(0).toISOString(), ports, services: [] });
  });
  afterAll(() => {
    gateway.close();
    gateway.closeAllConnections();
    rmSync(root, { recursive: true });
  });

  async function status(): Promise<string> {
    const stdout = new PassThrough();
    const { stdin, stderr } = process;
    await runCli(['status', '--home', root], { env: {}, stdin, stdout, stderr, exit: 0 });
    stdout.end();
    return text(stdout);
  }

  const model = (champion: object | null, serving: readonly object[]) => ({
    name: 'packaging/damage',
    champion,
    serving,
    versions: { edges: [] },
  });

  it('says that there is no champion only where the platform says so', async () => {
    answer = { data: { models: [model(null, [])] } };
    expect(await status()).toContain('No promoted model yet.');
    answer = { data: null, errors: [{ message: 'away', extensions: { code: 'SERVICE_UNAVAILABLE' } }] };
    const away = await status();
    expect(away).toContain('Champions: not known (SERVICE_UNAVAILABLE)');
    expect(away).not.toContain('No promoted');
  });

  it('tells what answers where that is not the champion, and why', async () => {
    const version = (n: number) => ({ id: `packaging/damage@${n}`, version: n, digest: String(n).repeat(64) });
    const refused = { version: { id: 'packaging/damage@2' }, code: 'CONTENT_DAMAGED', reason: 'not whole' };
    const app = { instance: 'a', alias: 'champion', version: version(2), refused: null };
    const shadow = { ...app, alias: 'shadow', version: null };
    answer = { data: { models: [model(version(2), [app, shadow])] } };
    expect(await status()).toMatch(/^packaging\/damage: Champion: packaging\/damage@2 \(2{12}\)$/m);
    const other = { ...app, instance: 'b', version: version(1), refused };
    answer = { data: { models: [model(version(2), [app, other, shadow])] } };
    const text = await status();
    expect(text).toContain('Champion: packaging/damage@2 (222222222222), which does not answer everywhere');
    expect(text).toContain('Answering: packaging/damage@1 (111111111111) in 1 of 2 apps');
    expect(text).toContain('Refused by 1 of 2 apps: packaging/damage@2: CONTENT_DAMAGED: not whole');
  });
});
