import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connectDatabase, type Database } from '@haat/data-access';
import { startScratchDatabase, type ScratchDatabase } from '@haat/data-access/testing';

import { packagingMigrations } from './migrations/index.ts';
import { packagingEntities } from './packaging.entities.ts';
import { importPackaging } from './packaging.import.ts';
import { types, products, counts, writeSmallWorld } from './fixtures/small.world.ts';

let scratch: ScratchDatabase;
let database: Database;
let folder: string;

beforeEach(async () => {
  scratch = await startScratchDatabase({ migrations: [packagingMigrations] });
  database = await connectDatabase({ url: scratch.urls['haat_packaging_task']!, entities: packagingEntities });
  folder = mkdtempSync(join(tmpdir(), 'haat-import-'));
});

afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database?.close();
  await scratch?.stop();
});

const write = (name: string, text: string | Uint8Array) => writeFileSync(join(folder, name), text);

const writeWorld = () => writeSmallWorld(folder);

describe('importing packaging', () => {
  it('says in a dry run what the import then does', async () => {
    const validFrom = new Date('2026-01-05T00:00:00Z');
    const [head, bag, box] = types.trim().split('\n');
    const steps: (() => void)[] = [
      writeWorld,
      () => undefined,
      () => write('package-types.csv', [head, box, bag].join('\n')),
      () => write('package-types.csv', types.replace('bag,Bag', 'sack,Sack')),
      () => write('products.csv', products.replaceAll('250.5', '300').replace(',,0', ',box,0')),
      () => write('counts.csv', `${counts.replace('3,0', '4,1')}p3,box,2026-01-04,2,0\n`),
    ];
    const said: unknown[] = [];
    for (const step of steps) {
      step();
      const options = { validFrom, chunkRecords: 2 };
      const { dataRevision: before, ...dry } = await importPackaging(database, folder, { ...options, dryRun: true });
      const { dataRevision: after, ...real } = await importPackaging(database, folder, options);
      expect({ ...dry, dryRun: false }).toEqual(real);
      expect(after > before).toBe(real.changed > 0 || real.catalogue!.changed);
      said.push([real.catalogue!.changed, real.changed]);
    }
    expect(said).toEqual([
      [true, 7],
      [false, 0],
      [true, 0],
      [true, 0],
      [false, 3],
      [false, 2],
    ]);
  });

  it('quarantines what the database could not hold, and keeps the rest of its chunk', async () => {
    writeWorld();
    rmSync(join(folder, 'products.csv'));
    rmSync(join(folder, 'counts.csv'));
    const [good, nul] = ['p1', 'p2'].map((id) => ({
      ...{ product_id: id, weight_g: 100, length_cm: 1, width_cm: 1, height_cm: 1, price_inr: 5, demand: 0 },
      ...{ fragile: false, liquid: true, category: id === 'p2' ? 'toys\u0000' : 'toys' },
    }));
    write(
      'products.jsonl',
      [good, nul, { ...good, product_id: 'p\u0000' }].map((row) => JSON.stringify(row)).join('\n'),
    );
    const { tables, changed } = await importPackaging(database, folder);
    expect(changed).toBe(1);
    expect(tables[0]!.reasons.map(({ line, column, reason }) => [line, column, reason])).toEqual([
      [2, 'category', 'expected text without control characters, got "toys\\u0000"'],
      [3, 'product_id', 'expected text without control characters, got "p\\u0000"'],
    ]);
  });
});
