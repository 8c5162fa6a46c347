import { statSync } from 'node:fs';

import { freePort } from './free.port.ts';
import { postgresService } from './postgres.service.ts';
import { withScratchHome } from './scratch.home.ts';
import { endProcess } from './process.identity.ts';
import { spawnService, untilReady } from './service.process.ts';
import { readSecrets } from './stack.secrets.ts';

describe('postgresService', () => {
  it('starts twice on one state folder, with one password, and ends in good order', () =>
    withScratchHome(async (home) => {
      const port = await freePort();
      const passwords: (string | undefined)[] = [];
      for (let start = 0; start < 2; start++) {
        const { spec, adminUrl } = await postgresService(home, port, () => undefined);
        expect(new URL(adminUrl).hostname).toBe('127.0.0.1');
        passwords.push(readSecrets(home)['postgres']);
        const service = await spawnService(spec);
        await untilReady(service);
        await endProcess(service.identity, spec.stopSignal, 20_000);
        expect(await service.exited).toEqual({ code: 0, signal: null });
      }
      expect(passwords[0]).toBe(passwords[1]);
      expect(statSync(home.secretsFile).mode & 0o777).toBe(0o600);
    }));
});
