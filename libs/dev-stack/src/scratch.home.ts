import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { homeAt, prepareHome, type Home } from './home.layout.ts';

/** Runs `test` on a fresh state folder, and removes the folder. */
export async function withScratchHome(test: (home: Home) => Promise<void>): Promise<void> {
  const home = homeAt(mkdtempSync(join(tmpdir(), 'haat-dev-stack-')));
  // The database's user, another one where we are root, must be able to enter.
  chmodSync(home.root, 0o755);
  try {
    await prepareHome(home, 0);
    await test(home);
  } finally {
    rmSync(home.root, { recursive: true, force: true });
  }
}
