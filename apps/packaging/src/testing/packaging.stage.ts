import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { connectDatabase, contentStore, ModelLifecycle, type ContentStore, type Database } from '@haat/data-access';
import { startScratchDatabase, type ScratchDatabase } from '@haat/data-access/testing';
import { damageModel } from '@haat/packaging/model';
import { importPackaging, packagingEntities, packagingMigrations, packagingStore } from '@haat/packaging/store';
import { createLogger, startApp, type RunningApp } from '@haat/platform';
import { askSubgraph, internalTokenSecret } from '@haat/platform/testing';
import { simulatePackaging, writeWorld } from '@haat/simulators';
import { configSchema } from '../config.ts';
import { PackagingAppModule } from '../packaging.module.ts';
import { registerVersion } from './served.versions.ts';

/** From when the facts of the stage hold. */
export const known = new Date('2026-01-01T00:00:00Z');

export interface Packaging {
  damageProbabilities: { packageType: string; probability: number }[];
  recommended: { packageType: string; expectedDamageCost: number; shippingCost: number; basis: string };
  explanation: {
    intercept: number;
    terms: { term: string; value: string; logit: number }[];
    steps: { from: string; to: string; logit: number }[];
    nextBest: { packageType: string; switchingPrice: number } | null;
  };
  predictionId: string;
  model: { id: string; version: number; digest: string };
  asOf: string;
}
export interface Node {
  id: string;
  category: string;
  packaging: Packaging;
}
export interface Answer {
  data: {
    product?: Node | null;
    products?: { edges: { node: Node; cursor: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    packagingPlan?: Plan | null;
    promotePackagingPlan?: Plan;
    packagingFrontier?: { points: { shippingCost: number; expectedDamageCost: number }[] };
  };
  errors?: { message: string; path: string[]; extensions: Record<string, unknown> }[];
}
export interface Plan {
  id: string | null;
  shippingCost: number;
  expectedDamageCost: number;
  certificate: { objective: string; lowerBound: number; gap: number };
  today: { shippingCost: number; expectedDamageCost: number };
  changeCount: number;
  changes: { productId: string; to: string; saving: number }[];
}

/** The subgraph over a world of 600 products and two trained versions, none of them promoted. */
export interface Stage {
  readonly folder: string;
  readonly scratch: ScratchDatabase;
  /** As the role of packaging's tasks. */
  readonly task: Database;
  readonly artifacts: ContentStore;
  readonly app: RunningApp;
  readonly ids: readonly string[];
  ask(query: string, variables?: object): Promise<Answer>;
  /** Promotes a version and waits until the app has taken it up. */
  promote(version: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'haat-packaging-app-'));
  const scratch = await startScratchDatabase({ migrations: [packagingMigrations] });
  const task = await connectDatabase({ url: scratch.urls['haat_packaging_task']!, entities: packagingEntities });
  const world = join(folder, 'world');
  await writeWorld(simulatePackaging({ seed: 5, products: 600 }), world, 'csv');
  await importPackaging(task, world, { validFrom: known });
  const url = pathToFileURL(join(folder, 'artifacts')).href;
  const artifacts = contentStore(url);
  await registerVersion(task, url, 1, { ridge: 10 });
  await registerVersion(task, url, 2, { ridge: 300 });
  const app = await startApp(
    { name: 'packaging', config: configSchema, module: (config) => PackagingAppModule.with(config) },
    {
      PORT: '0',
      DATABASE_URL: scratch.urls['haat_packaging'],
      ARTIFACTS_URL: url,
      INTERNAL_TOKEN_SECRET: internalTokenSecret,
    },
    createLogger('packaging', 'silent'),
  );
  const store = packagingStore(task);
  const { id: ids } = await store.products(await store.horizon(new Date()));

  async function ask(query: string, variables: object = {}): Promise<Answer> {
    return (await askSubgraph({ url: app.url, name: 'packaging' }, query, variables)) as unknown as Answer;
  }

  return {
    folder,
    scratch,
    task,
    artifacts,
    app,
    ids,
    ask,
    async promote(version) {
      await new ModelLifecycle(task).promote(damageModel.name, version, {
        actor: { subject: 'user:asha', origin: 'test' },
      });
      const deadline = Date.now() + 10_000;
      for (;;) {
        const { data } = await ask('query ($id: ID!) { product(id: $id) { packaging { model { version } } } }', {
          id: ids[0],
        });
        if (data?.product?.packaging?.model?.version === version) return;
        if (Date.now() > deadline) throw new Error(`version ${version} was not taken up`);
        await sleep(20);
      }
    },
    async stop() {
      await app.close();
      await task.close();
      await scratch.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
