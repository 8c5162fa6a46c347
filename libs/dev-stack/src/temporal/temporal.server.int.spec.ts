import { createServer } from 'node:net';
import { join } from 'node:path';
import { withScratchHome } from '../scratch.home.ts';
import { answersOk } from '../service.process.ts';
import { requireFreePorts, portsFrom } from '../stack.ports.ts';
import { findTemporal } from './temporal.binary.ts';
import { startTemporal } from './temporal.server.ts';

/** A base above which a whole stack's ports are free. */
async function freeBase(): Promise<number> {
  for (let base = 42_000; ; base += 10) {
    try {
      await requireFreePorts(portsFrom(base));
      return base;
    } catch {
      continue;
    }
  }
}

describe('startTemporal', () => {
  let binary: string;
  beforeAll(async () => ({ path: binary } = await findTemporal()), 900_000);

  it('serves on loopback, keeps its namespace over a restart, and leaves no port', () =>
    withScratchHome(async (home) => {
      const ports = portsFrom(await freeBase());
      const options = {
        binary,
        database: home.temporalDb,
        port: ports.temporal,
        uiPort: ports.temporalUi,
        log: join(home.logs, 'temporal.log'),
      };
      for (const _start of ['first', 'second']) {
        const server = await startTemporal(options);
        expect(server.address).toBe(`127.0.0.1:${ports.temporal}`);
        expect(await answersOk(server.uiUrl)).toBe(true);
        await server.stop();
        expect(await answersOk(server.uiUrl)).toBe(false);
        await requireFreePorts(ports);
      }
    }));

  it('says why it does not come up, and leaves nothing behind', () =>
    withScratchHome(async (home) => {
      const ports = portsFrom(await freeBase());
      const squatter = createServer();
      await new Promise<void>((resolve) => squatter.listen(ports.temporal, '127.0.0.1', resolve));
      const start = startTemporal({
        binary,
        database: home.temporalDb,
        port: ports.temporal,
        uiPort: ports.temporalUi,
        log: join(home.logs, 'temporal.log'),
      });
      await expect(start).rejects.toMatchObject({
        code: 'SERVICE_FAILED',
        message: expect.stringContaining(String(ports.temporal)),
      });
      await new Promise((resolve) => squatter.close(resolve));
      await requireFreePorts(ports);
    }));
});
