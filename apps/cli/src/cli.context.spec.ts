import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { developmentPublicJwk, homeAt, identify, portsFrom, writeState, type Home } from '@haat/dev-stack';

import { gatewayOf, type CliContext } from './cli.context.ts';
import { exitStatus } from './exit.status.ts';

describe('gatewayOf', () => {
  const shown: (string | undefined)[] = [];
  const gateway = createServer((request, response) => {
    shown.push(request.headers.authorization);
    response.end('{"data":{}}');
  });
  let root: string;
  let home: Home;
  let port: number;

  beforeAll(async () => {
    await once(gateway.listen(0, '127.0.0.1'), 'listening');
    ({ port } = gateway.address() as AddressInfo);
    root = mkdtempSync(join(tmpdir(), 'haat-cli-context-'));
    home = homeAt(root);
    developmentPublicJwk(home);
  });
  afterAll(() => {
    gateway.close();
    gateway.closeAllConnections();
    rmSync(root, { recursive: true });
  });
  beforeEach(() => shown.splice(0));

  async function tokenShown(env: NodeJS.ProcessEnv, url?: string): Promise<string | undefined> {
    const { stdin, stdout, stderr } = process;
    const context: CliContext = { env: { HAAT_HOME: root, ...env }, stdin, stdout, stderr, exit: exitStatus.ok };
    await gatewayOf(context, { url }).answer('{ __typename }');
    return shown[0];
  }

  function runsAt(gatewayPort: number): void {
    const ports = { ...portsFrom(40_000), gateway: gatewayPort };
    writeState(home, { launcher: identify(process.pid)!, startedAt: new Date(0).toISOString(), ports, services: [] });
  }

  it('shows the gateway of the stack that runs a token of that stack', async () => {
    runsAt(port);
    expect(await tokenShown({})).toMatch(/^Bearer eyJ[\w.-]+$/);
    expect(await tokenShown({}, `http://127.0.0.1:${port}`)).toMatch(/^Bearer eyJ/);
  });

  it('shows it to no other gateway', async () => {
    runsAt(port === 40_000 ? 40_001 : 40_000);
    expect(await tokenShown({}, `http://127.0.0.1:${port}/graphql`)).toBeUndefined();
    expect(await tokenShown({ HAAT_URL: `http://127.0.0.1:${port}/graphql` })).toBeUndefined();
  });

  it('shows HAAT_TOKEN, where that is set, to whichever it asks', async () => {
    runsAt(port);
    expect(await tokenShown({ HAAT_TOKEN: 'mine' })).toBe('Bearer mine');
    expect(await tokenShown({ HAAT_TOKEN: 'mine' }, `http://localhost:${port}`)).toBe('Bearer mine');
  });
});
