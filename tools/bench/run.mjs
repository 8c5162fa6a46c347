import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Benches run the sources as they are, so that no build can be stale.
const here = dirname(fileURLToPath(import.meta.url));
const flags = ['--no-warnings', '--conditions=@haat/source', '--import', join(here, '..', 'jest', 'source.mjs')];
const child = spawn(process.execPath, [...flags, join(here, 'bench.mjs'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => (process.exitCode = signal === null ? (code ?? 1) : 1));
