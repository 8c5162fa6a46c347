import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { connectDatabase, type Database } from '@haat/data-access';
import { startScratchDatabase, type ScratchDatabase } from '@haat/data-access/testing';
import { startScratchTemporal } from '@haat/dev-stack/testing';
import { domains, taskUrlVariable } from '@haat/kit';
import { packagingEntities, packagingMigrations } from '@haat/packaging/store';
import { riskMigrations } from '@haat/risk/store';
import { trainingRecords, type TrainingRecords } from '@haat/training/activities';
import { connectTemporal, type Temporal } from '@haat/workflows/client';

/** All that a worker needs, for one test file: real servers, empty, on free ports. */
export interface ScratchPlatform extends TrainingRecords {
  readonly folder: string;
  readonly scratch: ScratchDatabase;
  /** As the role of packaging's tasks. */
  readonly database: Database;
  readonly temporal: Temporal;
  /** Environment of a worker. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export async function startScratchPlatform(options: { readonly durable?: boolean } = {}): Promise<ScratchPlatform> {
  const folder = mkdtempSync(join(tmpdir(), 'haat-worker-'));
  mkdirSync(join(folder, 'tmp'));
  const undo: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const step of undo.toReversed()) await step();
  };
  try {
    const [scratch, server] = await Promise.all([
      startScratchDatabase({ ...options, domains, migrations: [packagingMigrations, riskMigrations] }),
      startScratchTemporal(folder),
    ]);
    undo.push(() => scratch.stop(), server.stop);
    const database = await connectDatabase({
      url: scratch.urls['haat_packaging_task']!,
      entities: packagingEntities,
    });
    undo.push(() => database.close());
    const temporal = await connectTemporal({ address: server.address, namespace: 'default' });
    undo.push(() => temporal.close());
    return {
      folder,
      scratch,
      database,
      ...trainingRecords(database),
      temporal,
      env: {
        ...Object.fromEntries(domains.map((domain) => [taskUrlVariable(domain), scratch.urls[`haat_${domain}_task`]!])),
        TEMPORAL_ADDRESS: server.address,
        ARTIFACTS_URL: pathToFileURL(join(folder, 'artifacts')).href,
        TMPDIR: join(folder, 'tmp'),
      },
      stop,
    };
  } catch (failure) {
    await stop();
    throw failure;
  }
}
