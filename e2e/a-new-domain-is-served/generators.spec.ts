import { mkdtemp, chmod, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn, type ChildProcess } from 'node:child_process';

import { developmentToken, homeAt } from '@haat/dev-stack';
import { domains } from '@haat/kit';
import { askAt } from '../stack/app.process.ts';
import { WorkspaceCopy } from './workspace.copy.ts';

const workspace = fileURLToPath(new URL('../..', import.meta.url));
/** What each step may take on a machine that does nothing else, times three. */
const STEP_MS = 400_000;

const domain = ['--entity=parcel', '--facts=weight_g:g,distance_km:km,fragile', '--later=late,hours:h', '--model=late'];
const projects = 'delivery,delivery-app';

describe('a generated domain with two models', () => {
  let copy: WorkspaceCopy;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'haat-generated-home-'));
    // PostgreSQL runs as another user where we are root, and must be able to enter.
    await chmod(folder, 0o755);
    copy = await WorkspaceCopy.of(workspace);
    await copy.pass('nx', 'g', '@haat/tools:domain', 'delivery', ...domain);
    await copy.pass('nx', 'g', '@haat/tools:model', 'hours-taken', '--domain=delivery', '--target=hours');
    await copy.pass('nx', 'g', '@haat/tools:adr', 'Late parcels are told by carriers');
    await copy.pass('nx', 'sync');
  }, STEP_MS);
  afterAll(async () => {
    await copy?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it(
    'is formatted as the house is',
    async () => {
      const files = await copy.changed(workspace);
      expect(files.length).toBeGreaterThan(50);
      await copy.pass('prettier', '--check', '--log-level=warn', '--ignore-unknown', ...files);
    },
    STEP_MS,
  );

  it(
    'compiles, with its tests, and so does what names it',
    async () => {
      await copy.pass(
        'tsc',
        '-b',
        'libs/delivery',
        'apps/delivery',
        'apps/platform',
        'apps/packaging',
        'apps/risk',
        'apps/worker',
        'apps/cli',
        'apps/gateway',
      );
      await copy.pass('print');
      expect(await readFile(join(copy.root, 'apps/gateway/supergraph.graphql'), 'utf8')).toContain(
        'deliveryHoursTaken',
      );
      expect(await readFile(join(copy.root, 'docs/models/delivery-late.md'), 'utf8')).toContain(
        '`delivery/late`, kind `convex`',
      );
    },
    STEP_MS,
  );

  it(
    'keeps the walls and the rules, and has no code that nobody uses',
    async () => {
      await copy.pass(
        'nx',
        'run-many',
        '-t',
        'lint',
        `--projects=${projects},worker-app,cli-app`,
        '--parallel=2',
        '--outputStyle=static',
      );
      await copy.pass('knip', '--no-progress', '--no-config-hints');
    },
    STEP_MS,
  );

  it(
    'passes its own tests',
    async () => {
      await copy.pass('nx', 'run-many', '-t', 'test', `--projects=${projects}`, '--parallel=1', '--outputStyle=static');
    },
    STEP_MS,
  );

  it(
    'is refused a second time, and nothing is written',
    async () => {
      const before = await copy.changed(workspace);
      const again = await copy.run('nx', 'g', '@haat/tools:domain', 'delivery', ...domain);
      expect(again).toMatchObject({
        status: 1,
        text: expect.stringContaining('Domain "delivery": libs/delivery is there already. Choose another name.'),
      });
      expect(await copy.changed(workspace)).toEqual(before);
    },
    STEP_MS,
  );

  it(
    'is served behind the gateway, backfilled and watched',
    async () => {
      const home = join(folder, 'home');
      const base = await freeBase(domains.length + 7);
      const haat = async (...args: string[]) =>
        JSON.parse(await copy.pass('haat', ...args, '--json', '--home', home)) as Record<string, unknown>;
      const stack = startStack(copy.root, ['up', '--home', home, '--port', String(base)]);
      try {
        await stack.ready;
        await copy.pass('haat', 'simulate', 'delivery', '--out', join(folder, 'world'));
        expect(await haat('import', 'delivery', join(folder, 'world'))).toMatchObject({ accepted: 2_000, rejected: 0 });
        for (const model of ['delivery/late', 'delivery/hours-taken'])
          expect(await haat('train', model)).toMatchObject({ state: 'completed', promoted: true });
        const ask = async <Data>(query: string) =>
          askAt<Data>(
            {
              url: `http://127.0.0.1:${base}/graphql`,
              headers: { authorization: `Bearer ${await developmentToken(homeAt(home), 300)}` },
            },
            query,
          );
        const served = await ask<{ deliveryLate: { probability: number } }>(
          '{ deliveryLate(id: "parcel-7") { probability predictionId model { id } } deliveryHoursTaken(id: "parcel-7") { value } }',
        );
        expect(served).toEqual({
          deliveryLate: {
            probability: expect.any(Number),
            predictionId: expect.any(String),
            model: { id: 'delivery/late@1' },
          },
          deliveryHoursTaken: { value: expect.any(Number) },
        });
        expect(await haat('backfill', 'start', 'delivery/late')).toMatchObject({ state: 'completed' });
        const { deliveryLate } = await ask<{ deliveryLate: object }>(
          '{ deliveryLate(id: "parcel-7") { kept { probability model { id } } } }',
        );
        expect(deliveryLate).toEqual({
          kept: { probability: served.deliveryLate.probability, model: { id: 'delivery/late@1' } },
        });
        expect(await haat('skew', 'delivery/late')).toMatchObject({ state: 'completed' });
        const profile = await copy.run(
          'haat',
          'drift',
          'profile',
          'delivery/late',
          '--day',
          '2026-01-01',
          '--home',
          home,
        );
        expect(profile).toMatchObject({ status: 1, text: expect.stringContaining('NOTHING_RECORDED: delivery/late') });
      } finally {
        await stack.end();
      }
    },
    STEP_MS,
  );
});

interface Stack {
  /** Resolves when the stack says that it is ready. */
  readonly ready: Promise<void>;
  /** Stops it as Ctrl-C does. */
  end(): Promise<void>;
}

function startStack(root: string, args: readonly string[]): Stack {
  const env = { ...process.env, NODE_OPTIONS: '' };
  const child: ChildProcess = spawn(process.execPath, [join(root, 'apps/cli/dist/main.js'), ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let text = '';
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (text.includes('Haat is ready')) resolve();
      });
    void exited.then(() => reject(new Error(`the stack did not start:\n${text}`)));
  });
  return {
    ready,
    async end() {
      child.kill('SIGINT');
      await exited;
    },
  };
}

/** The first of `count` ports in a row that are free. */
async function freeBase(count: number): Promise<number> {
  for (let base = 30_000; ; base += 20) {
    const free = await Promise.all(Array.from({ length: count }, (_, k) => isFree(base + k)));
    if (free.every(Boolean)) return base;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
