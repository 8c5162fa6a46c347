import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Seconds between two signs of life: of a terminal's line, and of lines in a file. */
const SIGN_SECONDS = { terminal: 1, file: 15 };

/**
 * Compiles the apps and what they need when a source is newer than the last build, and returns whether there is now a build
 * to run. One process builds at a time; the others wait for it. What the compiler says goes to stderr.
 */
export async function buildIfStale(root) {
  const cache = join(root, 'apps', 'cli', 'dist');
  const stampFile = join(cache, 'build-stamp');
  if (isFresh(root, stampFile)) return true;

  mkdirSync(cache, { recursive: true });
  const lock = join(cache, 'build-lock');
  await takeLock(lock);
  try {
    if (isFresh(root, stampFile)) return true;
    const first = !existsSync(stampFile);
    const started = Date.now();
    const what = first ? 'building Haat (first time, a minute or more)' : 'building Haat (sources changed)';
    const endSigns = showSigns(what, started);
    const stamp = stampOf(root);
    const built = await compile(root).finally(endSigns);
    if (!built) {
      console.error(
        'haat: the build failed; the messages above say where. Mend the source, or run "npm ci" if a package is missing.',
      );
      return false;
    }
    writeFileSync(stampFile, stamp);
    console.error(`built in ${((Date.now() - started) / 1000).toFixed(0)} s`);
    return true;
  } finally {
    rmSync(lock, { force: true });
  }
}

async function compile(root) {
  return (
    (await run(root, [join('node_modules', 'typescript', 'bin', 'tsc'), '-b', ...projects(root, 'apps')])) &&
    (await run(root, [join('apps', 'worker', 'dist', 'bundle-workflows.js')]))
  );
}

/** Says what goes on and, while it does, for how long: on one line of a terminal, else in lines. Returns what ends it. */
function showSigns(what, started) {
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const { isTTY } = process.stderr;
  process.stderr.write(isTTY ? what : `${what}\n`);
  const sign = () => process.stderr.write(isTTY ? `\r${what}: ${seconds()}` : `still building: ${seconds()}\n`);
  const timer = setInterval(sign, 1000 * (isTTY ? SIGN_SECONDS.terminal : SIGN_SECONDS.file));
  return () => {
    clearInterval(timer);
    if (isTTY) process.stderr.write('\n');
  };
}

function isFresh(root, stampFile) {
  const outputs = [...projects(root, 'apps'), ...projects(root, 'libs')].map((project) =>
    join(root, project, '..', 'dist', 'tsconfig.lib.tsbuildinfo'),
  );
  return (
    existsSync(stampFile) &&
    outputs.every((file) => existsSync(file)) &&
    readFileSync(stampFile, 'utf8') === stampOf(root)
  );
}

/** A digest over path, size and time of change of everything that the build reads. */
function stampOf(root) {
  const digest = createHash('sha256');
  const add = (path) => {
    const { size, mtimeMs } = statSync(join(root, path));
    digest.update(`${path}\0${size}\0${mtimeMs}\n`);
  };
  for (const file of ['package-lock.json', 'tsconfig.base.json']) add(file);
  for (const project of [...projects(root, 'apps'), ...projects(root, 'libs')]) {
    const folder = join(project, '..');
    for (const file of [project, join(folder, 'package.json')]) add(file);
    for (const file of sources(root, join(folder, 'src'))) add(file);
  }
  return digest.digest('hex');
}

/** The library configurations below `folder`, relative to the checkout. */
function projects(root, folder) {
  return readdirSync(join(root, folder))
    .sort()
    .map((name) => join(folder, name, 'tsconfig.lib.json'))
    .filter((file) => existsSync(join(root, file)));
}

function sources(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .sort();
}

/** Runs Node on a script of the checkout. What it says goes to stderr when it fails, and nowhere otherwise. */
function run(root, args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk));
    child.on('error', (error) => {
      console.error(`haat: cannot run ${args[0]}: ${error.message}`);
      resolve(false);
    });
    child.on('close', (code) => {
      if (code !== 0) process.stderr.write(Buffer.concat(said));
      resolve(code === 0);
    });
  });
}

async function takeLock(lock) {
  for (let said = false; ; await sleep(200)) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = ownerOf(lock);
    if (owner !== null && !isAlive(owner)) rmSync(lock, { force: true });
    else if (!said) {
      console.error(`haat: waiting for another build (process ${owner ?? 'unknown'})`);
      said = true;
    }
  }
}

function ownerOf(lock) {
  try {
    return Number(readFileSync(lock, 'utf8')) || null;
  } catch {
    return null;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
