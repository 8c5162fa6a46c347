import { rmSync } from 'node:fs';
import { freeBasePort, haat, stateFolder } from '../running.stack.mjs';

const SEED = 1;

/** Starts the demo twice in one state folder, each time until its questions are answered and all is stopped again. */
export async function run(reporter) {
  const folder = stateFolder();
  try {
    for (const metric of ['start.first', 'start.second']) {
      const start = performance.now();
      const port = String(await freeBasePort());
      await haat(['up', '--demo', '--exit', '--home', folder, '--port', port]);
      const value = (performance.now() - start) / 1000;
      reporter.row({ metric, value, unit: 's', size: '30000 products, with stop', seed: SEED });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
