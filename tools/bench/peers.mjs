import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, globSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** The virtual environment of the Python peers: `HAAT_BENCH_PEERS`, or a folder of the user's cache. */
export const peersFolder =
  process.env.HAAT_BENCH_PEERS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'haat', 'bench-peers');

/** Their interpreter, and Node for those that are npm packages. */
export const python = join(peersFolder, 'bin', 'python');
export const node = process.execPath;

export function installPeers() {
  const requirements = join(here, 'requirements.txt');
  const steps = [
    ['python3', ['-m', 'venv', peersFolder]],
    [python, ['-m', 'pip', 'install', '--requirement', requirements]],
    ['npm', ['install', '--prefix', peersFolder, '--no-audit', '--no-fund']],
  ];
  for (const [command, args] of steps) {
    if (command === 'npm') copyFileSync(join(here, 'peers', 'node', 'package.json'), join(peersFolder, 'package.json'));
    const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
    if (status !== 0) {
      process.stderr.write(`bench: "${command} ${args.join(' ')}" failed${error ? `: ${error.message}` : ''}\n`);
      process.exitCode = 1;
      return;
    }
  }
  process.stdout.write(`Peers installed into ${peersFolder}\n`);
}

const howToInstall = 'run "npm run bench -- --install-peers"';

/** Why the Python peers, or one package of theirs, cannot run; null when they can. */
export function peersMissing(name) {
  if (!existsSync(python)) return `no Python peers in ${peersFolder}; ${howToInstall}`;
  if (name === undefined || globSync(join(peersFolder, 'lib', 'python*', 'site-packages', name)).length > 0)
    return null;
  return `no ${name} in ${peersFolder}; ${howToInstall}`;
}

export const tensorflowMissing = () =>
  existsSync(join(peersFolder, 'node_modules', '@tensorflow', 'tfjs'))
    ? null
    : `no TensorFlow.js in ${peersFolder}; ${howToInstall}`;

/** Runs `peers/NAME.py` in a folder of input files; its standard output is one JSON document. */
export function runPeer(name, folder) {
  const { status, stdout, stderr } = spawnSync(python, [join(here, 'peers', `${name}.py`), folder], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${name}.py ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout);
}
