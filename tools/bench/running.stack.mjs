import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { developmentToken, homeAt, internalTokenSecret, portsFrom } from '@haat/dev-stack';

const launcher = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'apps', 'cli', 'bin', 'haat.js');

/** Longer than any measurement lasts. */
const TOKEN_SECONDS = 86_400;

const isFree = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** A base from which every port of a stack is free. */
export async function freeBasePort() {
  for (let base = 21_000; base < 60_000; base += 100) {
    const free = await Promise.all(Object.values(portsFrom(base)).map(isFree));
    if (free.every(Boolean)) return base;
  }
  throw new Error('no ports for a stack are free in a row between 21000 and 60000');
}

/** An empty state folder that the database's user may enter. */
export function stateFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'haat-bench-home-'));
  chmodSync(folder, 0o755);
  return folder;
}

/** Runs `haat ARGS` to its end; resolves with its output, rejects with its last lines. */
export function haat(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [launcher, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`haat ${args.join(' ')} ended with ${code}:\n${output.slice(-2000)}`));
    });
  });
}

/** A whole stack in a state folder, the headers of its administrator, and the secret of its subgraphs; `env` adds to its environment. `stop` leaves no process and no file. */
export async function startStack(args, folder = stateFolder(), env = {}) {
  const base = await freeBasePort();
  const child = spawn(process.execPath, [launcher, 'up', '--home', folder, '--port', String(base), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const stop = async () => {
    child.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const graphql = `http://127.0.0.1:${base}/graphql`;
  const headers = async () => ({
    'content-type': 'application/json',
    authorization: `Bearer ${await developmentToken(homeAt(folder), TOKEN_SECONDS)}`,
  });
  try {
    await answersQuestions(graphql, headers, child, () => output);
  } catch (error) {
    await stop();
    throw error;
  }
  return { graphql, headers, internalSecret: internalTokenSecret(homeAt(folder)), stop };
}

const probe = JSON.stringify({ query: '{ products(first: 1) { edges { node { id packaging { asOf } } } } }' });

/** Waits until a product's packaging is answered, at most ten minutes. */
async function answersQuestions(graphql, headers, child, output) {
  for (const end = Date.now() + 600_000; Date.now() < end;) {
    if (child.exitCode !== null) throw new Error(`haat up ended with ${child.exitCode}:\n${output().slice(-2000)}`);
    const answer = await fetch(graphql, { method: 'POST', headers: await headers(), body: probe }).catch(() => null);
    const { data, errors } = (await answer?.json().catch(() => null)) ?? {};
    if (data?.products?.edges[0]?.node.packaging) return;
    if (errors?.some(({ extensions }) => extensions?.code === 'GRAPHQL_VALIDATION_FAILED')) {
      throw new Error(`the gateway refuses the question: ${JSON.stringify(errors)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`haat up did not answer within ten minutes:\n${output().slice(-2000)}`);
}
