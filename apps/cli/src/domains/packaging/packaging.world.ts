import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';

import { connectDatabase } from '@haat/data-access';
import type { Home } from '@haat/dev-stack';
import { importPackaging, packagingEntities } from '@haat/packaging/store';
import { simulatePackaging, writeWorld, type PackagingWorld } from '@haat/simulators';

import type { StepVoice } from '../../stack/steps.ts';
import type { DemoOptions } from '../domain.tools.ts';

/** What the state folder says of the demo world that its database holds. */
interface LoadedWorld extends DemoOptions {
  readonly shipments: number;
}

/**
 * Makes the demo world and loads it by COPY, as `haat simulate` and `haat import` do, unless the state folder says that its
 * database has one. A load that was interrupted goes on where it stopped.
 */
export async function loadPackagingWorld(
  home: Home,
  databaseUrl: string,
  { products, seed }: DemoOptions,
  voice: StepVoice,
): Promise<void> {
  if (existsSync(home.demoFile)) {
    const loaded = JSON.parse(readFileSync(home.demoFile, 'utf8')) as LoadedWorld;
    voice.title(`Demo world (${loaded.products} products, there already)`);
    return;
  }
  voice.say(`simulating ${products} products, seed ${seed}`);
  const world = simulatePackaging({ seed, products });
  await writeWorld(world, home.demoWorld, 'csv');
  const shipments = shipmentsOf(world);
  const database = await connectDatabase({ url: databaseUrl, entities: packagingEntities, name: 'haat-demo' });
  try {
    await importPackaging(database, home.demoWorld, {
      onProgress: ({ file, rows }) => voice.say(`${file}: ${rows} rows`),
    });
  } finally {
    await database.close();
  }
  const loaded: LoadedWorld = { products, seed, shipments };
  writeFileSync(home.demoFile, `${JSON.stringify(loaded)}\n`);
  await rm(home.demoWorld, { recursive: true });
  voice.title(`Demo world (seed ${seed}: ${products} products, ${shipments} shipments, loaded by COPY)`);
}

function shipmentsOf({ counts }: PackagingWorld): number {
  return counts.shipments.reduce((sum, n) => sum + n, 0);
}
