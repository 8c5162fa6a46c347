import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { portOrder, portsFrom, requireFreePorts } from './stack.ports.ts';

describe('portsFrom', () => {
  it('counts from the base, in the order of the services', () => {
    const ports = portsFrom(4000);
    expect(portOrder.map((name) => ports[name])).toEqual(portOrder.map((_, at) => 4000 + at));
    expect(ports).toMatchObject({ gateway: 4000, platform: 4001, temporalUi: 4005, packaging: 4006, risk: 4007 });
  });

  it.each([80, 1023, 65_530, 4000.5, Number.NaN])('refuses the base %p', (base) => {
    expect(() => portsFrom(base)).toThrow(expect.objectContaining({ code: 'INVALID_PORT' }));
  });
});

describe('requireFreePorts', () => {
  it.each([
    ['server.js', /taken by node \S*server\.js[^(]*\(process \d+\)/],
    ['apps/gateway/dist/main.js', /taken by another Haat \(process \d+: node /],
  ])('says what %s is that has the port', async (name, said) => {
    const folder = mkdtempSync(join(tmpdir(), 'ports-'));
    const script = join(folder, name);
    mkdirSync(dirname(script), { recursive: true });
    writeFileSync(
      script,
      `const server = require('node:net').createServer().listen(0, '127.0.0.1', () => console.log(server.address().port))`,
    );
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [port] = (await once(child.stdout, 'data')) as [Buffer];
      const ports = { ...portsFrom(40_000), temporal: Number(port) };
      await expect(requireFreePorts(ports, ['temporal'])).rejects.toThrow(
        process.platform === 'linux' ? said : /taken/,
      );
    } finally {
      child.kill();
      await once(child, 'exit');
      rmSync(folder, { recursive: true });
    }
  });

  it('names the taken port, the service that wants it, who has it, and a base that is free', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const ports = { ...portsFrom(40_000), temporal: port };
    await expect(requireFreePorts(ports, ['temporal'])).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: expect.stringMatching(new RegExp(`Port ${port}, which temporal needs.*haat up --port \\d+`)),
      details: { ports: [port] },
    });
    if (process.platform === 'linux') {
      await expect(requireFreePorts(ports, ['temporal'])).rejects.toMatchObject({
        details: { owner: { pid: process.pid } },
      });
    }
    server.close();
    await once(server, 'close');
    await requireFreePorts(ports, ['temporal']);
  });
});
