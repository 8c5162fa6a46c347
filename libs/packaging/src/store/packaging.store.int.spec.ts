import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connectDatabase, migrate, platformMigrations, type Database, type TableFormat } from '@haat/data-access';
import { startScratchDatabase, type ScratchDatabase } from '@haat/data-access/testing';

import type { Horizon } from '@haat/kit';

import type { TimedProductFacts } from '../contract/index.ts';
import { fileSource } from './file.source.ts';
import { packagingMigrations } from './migrations/index.ts';
import { packagingEntities } from './packaging.entities.ts';
import { exportPackaging } from './packaging.export.ts';
import { importPackaging } from './packaging.import.ts';
import { PackagingStore, type NewPlan } from './packaging.store.ts';

let scratch: ScratchDatabase;
let database: Database;
let store: PackagingStore;
let folder: string;
const asOf = new Date('2026-06-01T00:00:00Z');
const known = new Date('2026-01-01T00:00:00Z');
let at: Horizon;
/** Sorted by their bytes; a locale would put the capital letter elsewhere. */
const ids = ['Z1', 'a1', 'a2', 'a3', 'b1', 'é1', 'पी1'];

beforeAll(async () => {
  scratch = await startScratchDatabase({ migrations: [packagingMigrations] });
  database = await connectDatabase({ url: scratch.urls['haat_packaging_task']!, entities: packagingEntities });
  store = new PackagingStore(database);
  folder = mkdtempSync(join(tmpdir(), 'haat-store-'));
  writeFileSync(
    join(folder, 'package-types.csv'),
    'code,name,material_inr,added_cm,tare_kg,max_kg,max_thickness_cm\nbag,"Bag, small",2,0.4,0.01,3,60\nbox,Box,16,3,0.2,20,\n',
  );
  writeFileSync(
    join(folder, 'products.csv'),
    `product_id,category,weight_g,length_cm,width_cm,height_cm,price_inr,fragile,liquid,current_package,demand\n${ids
      .toReversed()
      .map(
        (id, i) =>
          `${id},"cat ""${i % 2}""\nx",${0.1 + i},1.5,2,3,99.99,${i % 2},${i % 3 === 0},${i % 2 === 0 ? 'bag' : ''},1e-3`,
      )
      .join('\n')}`,
  );
  writeFileSync(
    join(folder, 'counts.csv'),
    `product_id,package,day,shipments,damages\nZ1,box,2026-02-01,5,1\nपी1,bag,2026-02-01,4,0\na1,bag,2026-12-31,9,9\n`,
  );
  writeFileSync(
    join(folder, 'tariff.json'),
    '{"material_volume_share":0.31,"material_volume_scale_cm3":3001,"freight_inr_per_half_kg":29,"volumetric_cm3_per_kg":5001,"write_off_share":0.7,"damage_fixed_inr":91}',
  );
  await importPackaging(database, folder, { validFrom: known });
  at = await store.horizon(asOf);
});

afterAll(async () => {
  await database?.close();
  await scratch?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The facts as files have them: these say nothing of their time. */
const withoutTimes = ({ knownSince: _times, ...facts }: TimedProductFacts) => facts;

describe('the packaging store', () => {
  it('pages through all products by their bytes, without a gap or a repeat', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (;;) {
      const { facts, hasNext } = await store.productPage(after, 3, {}, at);
      seen.push(...facts.id);
      if (!hasNext) break;
      after = facts.id.at(-1)!;
    }
    expect(seen).toEqual(ids);
  });

  it('filters a page, and answers nothing before the first version', async () => {
    const { facts, hasNext } = await store.productPage(null, 2, { fragile: true, liquid: false }, at);
    const all = await store.products(at);
    const expected = all.id.filter((_, i) => all.fragile[i] === 1 && all.liquid[i] === 0);
    expect([...facts.id]).toEqual(expected.slice(0, 2));
    expect(hasNext).toBe(expected.length > 2);
    expect((await store.productPage(null, 9, { currentPackage: 'bag' }, at)).facts.rows).toBe(4);
    expect((await store.productPage(null, 9, { category: 'cat "1"\nx' }, at)).facts.rows).toBe(3);
    expect((await store.productPage(null, 9, {}, { ...at, asOf: new Date('2025-01-01') })).facts.rows).toBe(0);
  });

  it('follows the plan that was promoted last, and tells which one was in force before', async () => {
    const plan = (code: string): NewPlan => ({
      model: 'packaging/damage',
      modelVersion: 1,
      modelDigest: 'ab'.repeat(32),
      asOf,
      shippingInr: 10.5,
      damageInr: 2,
      lowerBoundInr: 12,
      gap: 0.001,
      lambda: null,
      method: 'exact',
      assignments: { productId: ['a1', 'a2'], package: [code, code] },
    });
    const planned = async (of: readonly string[], moment = asOf) => store.promotedPlan(of, await store.horizon(moment));
    const days = [1, 2, 3].map((day) => new Date(Date.UTC(2026, 4, day)));
    expect((await planned(ids)).size).toBe(0);
    const first = await store.savePlan(plan('bag'));
    const second = await store.savePlan(plan('box'));
    expect((await planned(ids)).size).toBe(0);
    await store.promotePlan(second.id, days[0]!);
    const before = await store.horizon(asOf);
    await store.promotePlan(first.id, days[1]!);
    expect(await planned(['a1', 'b1'])).toEqual(new Map([['a1', 'bag']]));
    await store.promotePlan(second.id, days[2]!);
    const boxes = new Map([
      ['a1', 'box'],
      ['a2', 'box'],
    ]);
    expect(await planned(['a2', 'a1'])).toEqual(boxes);
    expect(await planned(['a1'], days[1])).toEqual(new Map([['a1', 'bag']]));
    expect(await store.promotedPlan(['a1', 'a2'], before)).toEqual(boxes);
    expect(await store.plannedAt(['a1', 'a1', 'b1'], [before, { ...before, asOf: known }, before])).toEqual([
      'box',
      null,
      null,
    ]);
    await expect(store.promotePlan('nonsense', asOf)).rejects.toMatchObject({ code: 'UNKNOWN_PLAN' });
  });

  it.each<TableFormat>(['csv', 'jsonl', 'parquet'])('exports %s that reads back as the same facts', async (format) => {
    const out = join(folder, format);
    const files = await exportPackaging(database, out, { format, asOf });
    expect(files.map(({ rows }) => rows)).toEqual([2, 7, 2, 1]);
    expect(readdirSync(out).sort()).toEqual(
      [`counts.${format}`, `package-types.${format}`, `products.${format}`, 'tariff.json'].sort(),
    );
    const source = await fileSource(out);
    expect(source.rejects).toEqual([]);
    expect(await source.catalogue(at)).toEqual(await store.catalogue(at));
    expect(await source.products(at)).toEqual(withoutTimes(await store.products(at)));
    expect(await source.counts(at)).toEqual(await store.counts(at));
  });
});

describe('migrations', () => {
  it('run once, also when two processes start at the same time', async () => {
    const sets = [platformMigrations, packagingMigrations];
    expect(await Promise.all([migrate(scratch.url, sets), migrate(scratch.url, sets)])).toEqual([[], []]);
  });

  it('give the entities every column that they read, of the type that they say', async () => {
    for (const { tablePath, columns } of database.source.entityMetadatas) {
      const [schema, table] = tablePath.split('.');
      const { rows } = await database.pool.query<{ name: string; type: string; nullable: boolean }>(
        `select attname as name, format_type(atttypid, atttypmod) as type, not attnotnull as nullable
         from pg_attribute where attrelid = ($1 || '.' || $2)::regclass and attnum > 0 and not attisdropped`,
        [schema, table],
      );
      const short = (type: string) => type.replace('timestamp with time zone', 'timestamptz');
      const declared = columns.map(({ databaseName: name, type, isArray, isNullable: nullable }) => ({
        name,
        type: `${type === Number ? 'integer' : String(type)}${isArray ? '[]' : ''}`,
        nullable,
      }));
      const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
      expect({ tablePath, columns: declared.sort(byName) }).toEqual({
        tablePath,
        columns: rows.map((row) => ({ ...row, type: short(row.type) })).sort(byName),
      });
    }
  });
});
