import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startTraceReceiver } from './trace.receiver.mjs';

export const haat = fileURLToPath(new URL('../../apps/cli/bin/haat.js', import.meta.url));
/** Products of the demo world: enough for a model that passes its gates, few enough for a quick start. */
const PRODUCTS = 2000;
const PORTS = 7;
/** A first start may have to build, and a machine may be busy. */
const READY_WITHIN_MS = 400_000;

/**
 * The stack that all scenarios of a run share: started once with nothing there (and ended by `--exit`), then again over the
 * state that the first start left. What both said is kept for the scenarios to judge; they find it by `HAAT_E2E`.
 */
export default async function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'haat-e2e-'));
  // PostgreSQL runs as another user where we are root, and must be able to enter.
  chmodSync(folder, 0o755);
  const home = join(folder, 'home');
  const base = await freeBase();
  const env = { ...process.env, HAAT_HOME: home, HAAT_PORT: String(base), NODE_OPTIONS: '' };
  const up = ['up', '--demo', '--products', String(PRODUCTS)];
  const stack = { folder, home, base, products: PRODUCTS };
  globalThis.haatStack = stack;

  const first = start([...up, '--exit'], env);
  await within(first.exited, READY_WITHIN_MS, () => `the first start did not end:\n${first.said()}`);
  stack.first = { status: first.status(), text: first.said(), portsLeft: await listening(base) };
  if (stack.first.status !== 0) {
    clean(stack);
    throw new Error(`the first start failed with status ${stack.first.status}:\n${stack.first.text}`);
  }

  stack.spans = join(folder, 'spans.jsonl');
  stack.receiver = await startTraceReceiver(stack.spans);
  const second = start(up, { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: stack.receiver.endpoint });
  stack.launcher = second.child;
  const began = Date.now();
  while (!second.said().includes('Haat is ready')) {
    if (second.status() !== undefined || Date.now() - began > READY_WITHIN_MS) {
      second.child.kill('SIGINT');
      await second.exited;
      clean(stack);
      throw new Error(`the second start failed:\n${second.said()}`);
    }
    await sleep(50);
  }
  stack.second = { text: second.said() };
  stack.exited = second.exited;

  const facts = join(folder, 'stack.json');
  const { launcher, exited: _exited, receiver: _receiver, ...plain } = stack;
  writeFileSync(facts, JSON.stringify({ ...plain, launcher: launcher.pid }));
  process.env.HAAT_E2E = facts;
}

/** Whether a port of the stack is still listened on, by its number. */
export async function listening(base) {
  const taken = [];
  for (let port = base; port < base + PORTS; port++) if (!(await isFree(port))) taken.push(port);
  return taken;
}

export function clean({ folder, receiver }) {
  receiver?.stop();
  rmSync(folder, { recursive: true, force: true });
}

function start(args, env) {
  const child = spawn(process.execPath, [haat, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  let status;
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  const exited = new Promise((resolve) => child.on('close', (code, signal) => resolve((status = code ?? signal))));
  return { child, exited, said: () => text, status: () => status };
}

async function within(promise, milliseconds, message) {
  const stop = new AbortController();
  const late = sleep(milliseconds, 'late', { signal: stop.signal }).catch(() => undefined);
  if ((await Promise.race([promise, late])) === 'late') throw new Error(message());
  stop.abort();
}

/** Also the ports up to 1,000 above it lie below those that the system gives to connections, any of which may be taken at any moment. */
async function freeBase() {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 1_100) * 10;
    if ((await listening(base)).length === 0) return base;
  }
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
