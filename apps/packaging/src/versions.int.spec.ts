import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { connectDatabase, contentStore, ModelLifecycle, ServingLog, ShadowLog, type Database } from '@haat/data-access';
import { faultRounds, hotSwaps, startScratchDatabase, type ScratchDatabase } from '@haat/data-access/testing';
import type { ModelRef } from '@haat/kit';
import { importPackaging, packagingEntities, packagingMigrations } from '@haat/packaging/store';
import { createLogger, startApp, type RunningApp } from '@haat/platform';
import { askSubgraph, internalTokenSecret } from '@haat/platform/testing';
import { simulatePackaging, writeWorld } from '@haat/simulators';
import { configSchema } from './config.ts';
import { PackagingAppModule } from './packaging.module.ts';
import { registerVersion } from './testing/served.versions.ts';

/** Regions of an artifact's file; one byte in each is damaged. */
const REGIONS = 8;
const ANSWERS = 10;

const deed = { actor: { subject: 'user:asha', origin: 'test' } };

describe('versions that the packaging app holds', () => {
  let folder: string;
  let scratch: ScratchDatabase;
  let task: Database;
  let platform: Database;
  let admin: Database;
  let lifecycle: ModelLifecycle;
  let versions: ModelRef[];
  let app: RunningApp;

  const startPackaging = () =>
    startApp(
      { name: 'packaging', config: configSchema, module: (config) => PackagingAppModule.with(config) },
      {
        PORT: '0',
        DATABASE_URL: scratch.urls['haat_packaging'],
        ARTIFACTS_URL: artifacts(),
        INTERNAL_TOKEN_SECRET: internalTokenSecret,
      },
      createLogger('packaging', 'silent'),
    );
  const artifacts = () => pathToFileURL(join(folder, 'artifacts')).href;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'haat-versions-'));
    scratch = await startScratchDatabase({ migrations: [packagingMigrations] });
    task = await connectDatabase({ url: scratch.urls['haat_packaging_task']!, entities: packagingEntities });
    platform = await connectDatabase({ url: scratch.urls['haat_platform']! });
    admin = await connectDatabase({ url: scratch.adminUrl });
    lifecycle = new ModelLifecycle(platform);
    const world = join(folder, 'world');
    await writeWorld(simulatePackaging({ seed: 5, products: 400 }), world, 'csv');
    await importPackaging(task, world, { validFrom: new Date('2026-01-01T00:00:00Z') });
    versions = [];
    for (const [n, ridge] of [10, 300, 3_000].entries()) {
      versions.push(await registerVersion(task, artifacts(), n + 1, { ridge }));
    }
    await promote(versions[0]!.digest);
    app = await startPackaging();
  });

  afterAll(async () => {
    await app?.close();
    for (const database of [task, platform, admin]) await database?.close();
    await scratch?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function promote(digest: string): Promise<void> {
    const { model, version } = versions.find((one) => one.digest === digest)!;
    await lifecycle.promote(model, version, deed);
  }

  async function ask(): Promise<string> {
    const query = '{ products(first: 7) { edges { node { packaging { model { digest } } } } } }';
    const answer = await askSubgraph({ url: app.url, name: 'packaging' }, query);
    const { data, errors } = answer as unknown as {
      data: { products: { edges: { node: { packaging: { model: { digest: string } } } }[] } };
      errors?: unknown;
    };
    const digests = new Set(data.products.edges.map(({ node }) => node.packaging.model.digest));
    if (errors !== undefined || digests.size !== 1) throw new Error('a failed or mixed answer');
    return [...digests][0]!;
  }

  /** How many promoted champions the app has refused so far. */
  async function refused(): Promise<number> {
    const text = await (await fetch(`${app.url}/metrics`)).text();
    return Number(/haat_model_swaps_total\{[^}]*alias="champion",outcome="refused"[^}]*\} (\d+)/.exec(text)?.[1] ?? 0);
  }

  const loseListeners = () =>
    admin.pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'haat-listen'`);

  const swapping = faultRounds({ short: 25, long: 100, secondsEach: 5 });
  it(
    'swap under load with no failed request, each answer from a version that was live',
    async () => {
      const { rounds: swaps, seed, report } = swapping;
      const digests = versions.map(({ digest }) => digest);
      const disturb = async (swap: number) => void (swap % 6 === 5 && (await loseListeners()));
      const outcome = await hotSwaps({ swaps, seed, callers: 4, digests, promote, ask, disturb });
      const { requests, failed, notLive } = outcome;
      report('hot-swap', {
        happened: `${requests} requests of 4 callers; ${notLive} answers of a version that was not live; every sixth swap without a word of it`,
        lost: notLive,
        failed,
      });
      expect(outcome).toMatchObject({ swaps, failed: 0, notLive: 0 });
      expect(requests).toBeGreaterThan(swaps);
      await promote(digests[0]!);
    },
    swapping.timeoutMs,
  );

  const damaging = faultRounds({ short: 1, long: 8, secondsEach: 60 });
  it(
    'serve on while the promoted one is damaged on disk, in each region of its file, and swap when it is whole',
    async () => {
      const { each, chance, report } = damaging;
      const places = 2 * REGIONS;
      const [before, ...candidates] = versions;
      const wholes = candidates.map(({ digest }) => {
        const file = join(folder, 'artifacts', digest.slice(0, 2), digest);
        return { digest, file, bytes: readFileSync(file) };
      });
      const others: string[] = [];
      for (const round of each()) {
        for (let place = round * places; place < (round + 1) * places; place++) {
          // They take turns: the app may not hear of what was promoted and back again at once.
          const { digest, file, bytes } = wholes[place % wholes.length]!;
          const damaged = Buffer.from(bytes);
          const at = Math.floor((((Math.floor(place / 2) % REGIONS) + chance()) / REGIONS) * bytes.length);
          damaged[at]! ^= 1 << Math.floor(chance() * 8);
          writeFileSync(file, damaged);
          const refusals = await refused();
          await promote(digest);
          while ((await refused()) === refusals) await sleep(20);
          for (let answer = 0; answer < ANSWERS; answer++) others.push(await ask());
        }
      }
      for (const { file, bytes } of wholes) writeFileSync(file, bytes);
      const wrong = others.filter((digest) => digest !== before!.digest);
      report('artifact-on-disk', {
        happened: `${damaging.rounds * places} promotions of an artifact with one bit damaged, in each of ${REGIONS} regions; ${others.length} answers by the version before`,
        lost: wrong.length,
      });
      expect(wrong).toEqual([]);
      while ((await ask()) !== wholes.at(-1)!.digest) await sleep(20);
      await promote(before!.digest);
      while ((await ask()) !== before!.digest) await sleep(20);
    },
    damaging.timeoutMs,
  );

  it('are found by looking where no word of them comes', async () => {
    const owner = await connectDatabase({ url: scratch.url });
    const silently = (version: number) =>
      owner.pool.query(`update platform.model_alias set version = $1 where alias = 'champion'`, [version]);
    await silently(2);
    while ((await ask()) !== versions[1]!.digest) await sleep(20);
    await silently(1);
    while ((await ask()) !== versions[0]!.digest) await sleep(20);
    await owner.close();
  }, 30_000);

  it('answer in the shadow too; the request has its answer from the champion, and the differences are counted', async () => {
    const [champion, shadow] = [versions[0]!, versions[2]!];
    await lifecycle.assign(champion.model, 'shadow', shadow.version, deed);
    const compared = async () => {
      const text = await (await fetch(`${app.url}/metrics`)).text();
      const count = (outcome: string) =>
        Number(new RegExp(`haat_shadow_rows_total\\{[^}]*outcome="${outcome}"[^}]*\\} (\\d+)`).exec(text)?.[1] ?? 0);
      return { same: count('same'), differs: count('differs'), failed: count('failed') };
    };
    while ((await compared()).same + (await compared()).differs < 70) expect(await ask()).toBe(champion.digest);
    await lifecycle.assign(champion.model, 'shadow', null, deed);
    const { same, differs, failed } = await compared();
    expect(failed).toBe(0);
    await app.close();
    app = await startPackaging();
    const [day] = await new ShadowLog(platform).days(champion.model, 9);
    expect(day).toMatchObject({ champion: 1, shadow: 3, failed: 0, dropped: 0 });
    expect(day!.rows).toBeGreaterThanOrEqual(same + differs);
    expect(day!.differing).toBeGreaterThanOrEqual(differs);
    expect(day!.largest).toBeGreaterThan(0);
  }, 60_000);

  it('are told as they answer: a damaged champion is refused with its reason, and the app that ended is gone', async () => {
    const [first, second] = [versions[0]!, versions[1]!];
    const log = new ServingLog(platform);
    const champions = async () =>
      (await log.instances([first.model]))
        .filter(({ alias }) => alias === 'champion')
        .map(({ version, refused }) => ({ version, refused }));
    expect(await champions()).toEqual([{ version: 1, refused: null }]);

    const path = await contentStore(artifacts()).path(second.digest);
    const whole = readFileSync(path);
    writeFileSync(path, whole.with(100, whole[100]! ^ 1));
    await promote(second.digest);
    while ((await champions())[0]?.refused == null) await sleep(20);
    expect(await champions()).toEqual([
      { version: 1, refused: { version: 2, code: 'CONTENT_DAMAGED', reason: expect.not.stringContaining(folder) } },
    ]);
    expect(await ask()).toBe(first.digest);

    writeFileSync(path, whole);
    while ((await champions())[0]?.version !== 2) await sleep(20);
    expect(await champions()).toEqual([{ version: 2, refused: null }]);
    await app.close();
    expect(await champions()).toEqual([]);
    app = await startPackaging();
  }, 60_000);
});
