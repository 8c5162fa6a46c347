import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** The virtual environment of the Python peers: `HAAT_BENCH_PEERS`, or a folder of the user's cache. */
export const peersFolder =
  process.env.HAAT_BENCH_PEERS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'haat', 'bench-peers');

const python = join(peersFolder, 'bin', 'python');

export function installPeers() {
  const requirements = join(here, 'requirements.txt');
  const steps = [
    ['python3', ['-m', 'venv', peersFolder]],
    [python, ['-m', 'pip', 'install', '--requirement', requirements]],
  ];
  for (const [command, args] of steps) {
    const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
    if (status !== 0) {
      process.stderr.write(`bench: "${command} ${args.join(' ')}" failed${error ? `: ${error.message}` : ''}\n`);
      process.exitCode = 1;
      return;
    }
  }
  process.stdout.write(`Peers installed into ${peersFolder}\n`);
}

export const peersMissing = () =>
  existsSync(python) ? null : `no Python peers in ${peersFolder}; run "npm run bench -- --install-peers"`;

/** Runs `peers/NAME.py` in a folder of input files; its standard output is one JSON document. */
export function runPeer(name, folder) {
  const { status, stdout, stderr } = spawnSync(python, [join(here, 'peers', `${name}.py`), folder], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${name}.py ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout);
}
