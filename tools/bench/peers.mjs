import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RoundsProcess } from './rounds.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/** The virtual environment of the Python peers: `HAAT_BENCH_PEERS`, or a folder of the user's cache. */
export const peersFolder =
  process.env.HAAT_BENCH_PEERS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'haat', 'bench-peers');

/** How Node runs the sources as they are, so that no build can be stale. */
export const sourceFlags = [
  '--no-warnings',
  '--conditions=@haat/source',
  '--import',
  join(here, '..', 'jest', 'source.mjs'),
];

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

/** Why a Python peer cannot run: there is no Python for it, or not its package. */
export function peersMissing(module = null) {
  const advice = 'run "npm run bench -- --install-peers"';
  if (!existsSync(python)) return `no Python peers in ${peersFolder}; ${advice}`;
  if (module === null || spawnSync(python, ['-c', `import ${module}`]).status === 0) return null;
  return `no ${module} among the Python peers in ${peersFolder}; ${advice}`;
}

/** `peers/NAME.py` as a process of rounds. */
export const pythonPeer = (name, folder) => new RoundsProcess(python, [join(here, 'peers', `${name}.py`), folder]);

/** `peers/NAME.peer.mjs`, from source, as a process of rounds. */
export const nodePeer = (name, folder) =>
  new RoundsProcess(process.execPath, [...sourceFlags, join(here, 'peers', `${name}.peer.mjs`), folder]);

/** Runs `peers/NAME.py` in a folder of input files; its standard output is one JSON document. */
export function runPeer(name, folder) {
  const { status, stdout, stderr } = spawnSync(python, [join(here, 'peers', `${name}.py`), folder], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${name}.py ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout);
}
