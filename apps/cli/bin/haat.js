#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `haat: needs Node 20.19 or later to start, and this is ${process.version} (${process.execPath}). Install a newer Node (https://nodejs.org), then run "npm ci" again.`,
  );
  process.exit(1);
}

/** Node 24 comes as a dependency: npm and npx put it first on the PATH; called by another way we go over to it ourselves. */
const ownNode = join(root, 'node_modules', 'node', 'bin', 'node');
if (major < 24 && existsSync(ownNode)) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const child = spawn(ownNode, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, HAAT_LAUNCHER: String(process.pid) },
  });
  // A terminal sends Ctrl-C to both of us: the child answers it, and we only wait.
  for (const signal of signals) process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of signals) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
} else {
  const { buildIfStale } = await import('./build.js');
  if (await buildIfStale(root)) await import(pathToFileURL(join(root, 'apps', 'cli', 'dist', 'main.js')).href);
  else process.exitCode = 1;
}
