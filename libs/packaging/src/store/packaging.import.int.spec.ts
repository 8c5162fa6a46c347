import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connectDatabase, writeParquet, type ColumnMapping, type Database } from '@haat/data-access';
import { startScratchDatabase, type ScratchDatabase } from '@haat/data-access/testing';

import type { PackagingSource, ProductFacts } from '../contract/index.ts';
import { fileSource } from './file.source.ts';
import { packagingMigrations } from './migrations/index.ts';
import { packagingEntities } from './packaging.entities.ts';
import { importPackaging } from './packaging.import.ts';
import { PackagingStore } from './packaging.store.ts';
import { types, header, product, products, counts, writeSmallWorld } from './fixtures/small.world.ts';

let scratch: ScratchDatabase;
let database: Database;
let store: PackagingStore;
let folder: string;

beforeAll(async () => {
  scratch = await startScratchDatabase({ migrations: [packagingMigrations] });
  database = await connectDatabase({ url: scratch.urls['haat_packaging_task']!, entities: packagingEntities });
  store = new PackagingStore(database);
});

afterAll(async () => {
  await database?.close();
  await scratch?.stop();
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'haat-import-'));
  const owner = await connectDatabase({ url: scratch.url });
  await owner.pool.query(`truncate packaging.product, packaging.shipment_count, packaging.package_catalogue,
    packaging.package_type, packaging.plan, packaging.plan_promotion, packaging.plan_assignment, platform.import_progress, platform.data_revision`);
  await owner.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string | Uint8Array) => writeFileSync(join(folder, name), text);

const writeWorld = () => writeSmallWorld(folder);

const later = new Date('2100-01-01T00:00:00Z');
/** The facts as files have them: these say nothing of their time. */
const withoutTimes = ({ knownSince: _times, ...facts }: ProductFacts & { knownSince?: Float64Array }) => facts;
const factsIn = async (source: PackagingSource, asOf = later) => {
  const at = await source.horizon(asOf);
  return {
    catalogue: await source.catalogue(at),
    products: withoutTimes(await source.products(at)),
    counts: await source.counts(at),
  };
};

describe('importing packaging', () => {
  it('brings every fact in, the same through files and through the database', async () => {
    writeWorld();
    const summary = await importPackaging(database, folder);
    expect(summary).toMatchObject({ accepted: 7, rejected: 0, changed: 7, catalogue: { types: 2, changed: true } });
    const facts = await factsIn(store);
    expect(facts.products).toMatchObject({
      rows: 3,
      id: ['p1', 'p2', 'p3'],
      category: ['toys', 'toys', 'unknown'],
      weightG: Float64Array.of(250.5, 250.5, 1000),
      fragile: Uint8Array.of(1, 1, 0),
      liquid: Uint8Array.of(0, 0, 1),
      currentPackage: ['bag', 'box', null],
    });
    expect(facts.counts).toEqual({
      rows: 3,
      product: Int32Array.of(0, 0, 1),
      package: Int32Array.of(0, 1, 1),
      shipments: Float64Array.of(15, 3, 7),
      damages: Float64Array.of(1, 0, 2),
    });
    expect(facts.catalogue.types[1]).toEqual({
      code: 'box',
      name: 'Box',
      material_inr: 16,
      added_cm: 3,
      tare_kg: 0.2,
      max_kg: 20,
      max_thickness_cm: null,
    });
    expect(await factsIn(await fileSource(folder))).toEqual(facts);
  });

  it('counts only the days up to asOf, alike from files and database', async () => {
    writeWorld();
    await importPackaging(database, folder, { validFrom: new Date('2025-01-01T00:00:00Z') });
    const asOf = new Date('2026-01-02T10:00:00Z');
    const counted = await store.counts(await store.horizon(asOf));
    expect([...counted.shipments]).toEqual([15, 3]);
    expect(await (await fileSource(folder)).counts({ asOf, revision: 0 })).toEqual(counted);
    expect((await store.products(await store.horizon(new Date('2024-12-31T00:00:00Z')))).rows).toBe(0);
    await expect(store.catalogue(await store.horizon(new Date('2024-12-31T00:00:00Z')))).rejects.toMatchObject({
      code: 'INVALID_CATALOGUE',
    });
  });

  it('changes nothing when it is repeated: no row, no version, no revision', async () => {
    writeWorld();
    const first = await importPackaging(database, folder);
    const again = await importPackaging(database, folder);
    expect(again).toMatchObject({ accepted: 7, changed: 0, catalogue: { changed: false } });
    expect(again.dataRevision).toBe(first.dataRevision);
    const { rows } = await database.pool.query('select count(*)::int as n from packaging.product');
    expect(rows).toEqual([{ n: 3 }]);
  });

  it('adds a version of a product that changed and keeps the one before', async () => {
    writeWorld();
    const [old, now] = [new Date('2026-02-01T00:00:00Z'), new Date('2026-03-01T00:00:00Z')];
    await importPackaging(database, folder, { validFrom: old });
    write('products.csv', products.replace('p1,toys,250.5', 'p1,toys,300'));
    expect((await importPackaging(database, folder, { validFrom: now })).changed).toBe(1);
    expect((await store.productsById(['p1'], await store.horizon(old))).weightG).toEqual(Float64Array.of(250.5));
    expect((await store.productsById(['p1', 'none'], await store.horizon(now))).weightG).toEqual(Float64Array.of(300));
  });

  it('quarantines bad rows with file, physical line, column and reason, and takes them in once they are mended', async () => {
    writeWorld();
    write(
      'products.csv',
      [
        `\ufeff${header}`,
        product('p1'),
        'p2,"glass,\r\n""fine""",NaN,10,8,4,199,1,0,box,12',
        'p3,toys,0,1,1,1,5,false,1,,0',
        'p4,toys,1e999,1,1,1,5,false,1,,0',
        'p5,toys,5,1,1,1,5,maybe,1,,0',
        product('p6', 'crate'),
        product('p1'),
        'p7,toys,5,1,1',
        'p8,"toys,5,1,1,1,5,1,1,,0',
        '"p9","toys",5,1,1,1,5,1,1,,0',
      ].join('\r\n'),
    );
    write(
      'counts.csv',
      `${counts}p1,bag,2026-01-01,1,0\np1,bag,2026-01-05,2,3\np1,bag,2026-01-06,-1,0\nghost,bag,2026-01-01,1,0\np1,crate,2026-01-01,1,0\np1,bag,2026-02-30,1,0\np1,bag,2026-01-07,1.5,0\n`,
    );
    const { tables, rejected } = await importPackaging(database, folder);
    const reasons = (name: string) =>
      tables.find(({ file }) => file === name)!.reasons.map(({ line, column, reason }) => [line, column, reason]);
    expect(reasons('products.csv')).toEqual([
      [3, 'weight_g', 'expected a finite number, got "NaN"'],
      [5, 'weight_g', 'expected a number of at least 0.1, got 0'],
      [6, 'weight_g', 'expected a finite number, got "1e999"'],
      [7, 'fragile', expect.stringContaining('got "maybe"')],
      [8, 'current_package', 'expected one of the packages bag, box, got "crate"'],
      [9, 'product_id', 'expected one row for each product_id, and line 2 has this one'],
      [10, null, 'expected 11 values, got 5'],
      [11, null, expect.stringContaining('closing quote')],
    ]);
    expect(reasons('counts.csv')).toEqual([
      [5, 'product_id', 'expected a known product, got "p2"'],
      [6, 'product_id', 'expected one row for each product_id, package, day, and line 2 has this one'],
      [7, 'damages', expect.stringContaining('got 3')],
      [8, 'shipments', 'expected a number of at least 0, got -1'],
      [9, 'product_id', 'expected a known product, got "ghost"'],
      [10, 'package', 'expected one of the packages bag, box, got "crate"'],
      [11, 'day', expect.stringContaining('2026-02-30')],
      [12, 'shipments', expect.stringContaining('1.5')],
    ]);
    expect(rejected).toBe(16);
    expect((await store.products(await store.horizon(later))).id).toEqual(['p1', 'p9']);

    const file = join(folder, 'rejects', 'products.csv');
    const kept = readFileSync(file, 'utf8');
    expect(kept.split('\n')[0]).toBe(`reject_file,reject_line,reject_column,reject_reason,${header}`);
    writeFileSync(file, kept.replace(',NaN,', ',77,').replace(',1e999,', ',78,').replace(',maybe,', ',1,'));
    const mended = await importPackaging(database, join(folder, 'rejects'));
    expect(mended.tables.find(({ file: name }) => name === 'products.csv')).toMatchObject({ accepted: 4, rejected: 4 });
    const facts = await store.products(await store.horizon(later));
    expect(facts.id).toEqual(['p1', 'p2', 'p4', 'p5', 'p9']);
    expect(facts.category[1]).toBe('glass,\r\n"fine"');
    expect(facts.weightG[1]).toBe(77);
    expect(mended.tables.find(({ file: name }) => name === 'counts.csv')!.accepted).toBe(2);
  });

  it('reads other names and units by a mapping, exactly', async () => {
    writeWorld();
    write(
      'products.csv',
      products
        .replace('weight_g', 'kilos')
        .replaceAll('250.5', '0.2505')
        .replace('1000', '1')
        .replaceAll(',10,8,4', ',100,8,4')
        .replace('length_cm', 'mm'),
    );
    const mapping = {
      products: { weight_g: { column: 'kilos', unit: 'kg' }, length_cm: { column: 'mm', unit: 'mm' } },
    };
    await importPackaging(database, folder, { mapping });
    const facts = await store.products(await store.horizon(later));
    expect(facts.weightG).toEqual(Float64Array.of(250.5, 250.5, 1000));
    expect(facts.lengthCm).toEqual(Float64Array.of(10, 10, 0.1));
    for (const bad of [
      { products: { weight_g: { unit: 'cm' } } },
      { products: { wait_g: { unit: 'kg' } } },
      { product: {} },
      { products: { demand: { unit: 'kg' } } },
      'no mapping',
    ]) {
      await expect(
        importPackaging(database, folder, { mapping: bad as unknown as ColumnMapping }),
      ).rejects.toMatchObject({
        code: 'INVALID_MAPPING',
      });
    }
  });

  it.each([
    ['counts.csv', '', 'FILE_EMPTY'],
    ['counts.csv', '\n\n', 'FILE_EMPTY'],
    ['counts.csv', 'product_id,package,day,shipments\np1,bag,2026-01-01,1\n', 'FILE_HEADER'],
    ['counts.csv', 'product_id,package,day,shipments,shipments,damages\n', 'FILE_HEADER'],
    ['counts.csv', counts.replaceAll(',', ';'), 'FILE_HEADER'],
    ['counts.csv', Buffer.from(counts, 'utf16le'), 'FILE_ENCODING'],
    ['counts.csv', Buffer.concat([Buffer.from(counts), Buffer.from([0x70, 0xe9, 0x2c])]), 'FILE_ENCODING'],
    ['counts.csv', Buffer.from('PK\u0003\u0004...'), 'FILE_FORMAT'],
    ['counts.csv', '{"product_id":"p1"}\n', 'FILE_HEADER'],
    ['counts.jsonl', counts, 'FILE_FORMAT'],
    ['counts.parquet', counts, 'FILE_FORMAT'],
    ['counts.parquet', 'PAR1 is all that is right', 'FILE_FORMAT'],
    ['package-types.csv', types.replace('0.2', 'heavy'), 'INVALID_CATALOGUE'],
    ['package-types.csv', types.split('\n').slice(0, 2).join('\n'), 'INVALID_CATALOGUE'],
    ['tariff.json', '{"write_off_share": 2}', 'INVALID_CATALOGUE'],
  ])('refuses a bad %s whole and changes nothing (%#)', async (name, text, code) => {
    writeWorld();
    if (name.startsWith('counts')) rmSync(join(folder, 'counts.csv'));
    write(name, text);
    await expect(importPackaging(database, folder)).rejects.toMatchObject({ code });
    await expect(fileSource(folder)).rejects.toMatchObject({ code });
    const { rows } = await database.pool.query(
      `select (select count(*) from packaging.product) + (select count(*) from packaging.package_type) as n`,
    );
    expect(Number(rows[0].n)).toBe(0);
  });

  it('reads JSON lines and Parquet as it reads CSV', async () => {
    writeWorld();
    await importPackaging(database, folder);
    const expected = await factsIn(store);
    rmSync(join(folder, 'products.csv'));
    rmSync(join(folder, 'counts.csv'));
    const json = (id: string, over: object) =>
      JSON.stringify({
        product_id: id,
        category: 'toys',
        weight_g: 250.5,
        length_cm: 10,
        width_cm: 8,
        height_cm: 4,
        price_inr: 199,
        fragile: true,
        liquid: 0,
        current_package: 'bag',
        demand: 12,
        ...over,
      });
    write(
      'products.jsonl',
      [
        json('p1', {}),
        json('p2', { current_package: 'box' }),
        '',
        '{"product_id": "p3", "weight_g": 1000, "length_cm": 1, "width_cm": 1, "height_cm": 1, "price_inr": 5, "fragile": false, "liquid": true, "demand": 0}',
        '{"product_id": NaN}',
        '[1]',
        json('p4', { weight_g: null }),
        json('p5', { weight_g: { g: 1 } }),
      ].join('\n'),
    );
    await writeParquet(join(folder, 'counts.parquet'), {
      product_id: ['p1', 'p1', 'p1', 'p2', null],
      package: ['bag', 'bag', 'box', 'box', 'bag'],
      day: ['2026-01-01', '2026-01-02', '2026-01-02', '2026-01-03', '2026-01-03'],
      shipments: Int32Array.of(10, 5, 3, 7, 1),
      damages: Float64Array.of(1, 0, 0, 2, 0),
    });
    const source = await fileSource(folder);
    expect(await factsIn(source)).toEqual(expected);
    expect(source.rejects.map(({ file, line, column }) => [file, line, column])).toEqual([
      ['products.jsonl', 5, null],
      ['products.jsonl', 6, null],
      ['products.jsonl', 7, 'weight_g'],
      ['products.jsonl', 8, 'weight_g'],
      ['counts.parquet', 5, 'product_id'],
    ]);
  });

  it('only checks in a dry run', async () => {
    writeWorld();
    write('counts.csv', `${counts}p1,bag,2026-01-09,2,3\n`);
    const summary = await importPackaging(database, folder, { dryRun: true });
    expect(summary).toMatchObject({ dryRun: true, accepted: 7, rejected: 1, changed: 7, dataRevision: 0 });
    const { rows } = await database.pool.query(
      `select from packaging.product union all select from packaging.package_type
       union all select from packaging.shipment_count union all select from platform.import_progress`,
    );
    expect(rows).toEqual([]);
  });

  it('goes on after the last chunk when it was cut off, and then holds the same rows as one that was not', async () => {
    writeWorld();
    const days = Array.from({ length: 730 }, (_, i) => new Date(Date.UTC(2016, 0, 1 + i)).toISOString().slice(0, 10));
    const ids = Array.from({ length: 15 }, (_, i) => `product-${i}`);
    write('products.csv', [header, ...ids.map((id) => product(id))].join('\n'));
    const lines = days.flatMap((day, d) =>
      ids.flatMap((id, i) => [
        `${id},box,${day},${d === 600 && i === 0 ? 999_999 : d + i},${d % 100 === 7 ? 888_888 : 0}`,
        `${id},bag,${day},${d + 1},1`,
      ]),
    );
    write('counts.csv', `product_id,package,day,shipments,damages\n${lines.join('\n')}\n`);
    const owner = await connectDatabase({ url: scratch.url });
    await owner.pool.query(`create function packaging.cut() returns trigger language plpgsql as
      $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$`);
    await owner.pool.query(`create trigger cut before insert on packaging.shipment_count for each row
      when (new.shipments = 999999) execute function packaging.cut()`);
    const imported = async () =>
      (
        await database.pool
          .query(`select count(*)::int as rows, coalesce(sum(hashtext((product_id, package, day, shipments, damages)::text)), 0)::bigint as sum
        from packaging.shipment_count c`)
      ).rows[0] as { rows: number; sum: string };
    const options = { chunkRecords: 4000 };
    try {
      await expect(importPackaging(database, folder, options)).rejects.toThrow(/terminat/);
      const half = await imported();
      expect(half.rows).toBeGreaterThan(0);
      expect(half.rows).toBeLessThan(lines.length / 1.1);
      await owner.pool.query('drop trigger cut on packaging.shipment_count');

      const { tables } = await importPackaging(database, folder, options);
      const resumed = tables.find(({ file }) => file === 'counts.csv')!;
      expect(resumed.resumedAfter).toBeGreaterThanOrEqual(half.rows);
      const whole = await imported();
      expect(resumed).toMatchObject({ records: lines.length, accepted: whole.rows, changed: whole.rows - half.rows });

      await owner.pool.query('truncate packaging.shipment_count, platform.import_progress');
      await importPackaging(database, folder, options);
      expect(await imported()).toEqual(whole);
    } finally {
      await owner.pool.query('drop function packaging.cut() cascade');
      await owner.close();
    }
  });

  it('refuses a second import of the same table while the first one writes it', async () => {
    writeWorld();
    const other = await database.pool.connect();
    await other.query(`select pg_advisory_lock(hashtextextended('haat_import/packaging/counts', 0))`);
    const refused = importPackaging(database, folder, { lockWaitMs: 50 });
    await expect(refused).rejects.toMatchObject({ code: 'IMPORT_RUNNING' });
    other.release(true);
    expect((await importPackaging(database, folder)).accepted).toBe(7);
  });

  it('says where there is nothing to import, or a table twice', async () => {
    mkdirSync(join(folder, 'nothing'));
    await expect(importPackaging(database, join(folder, 'nothing'))).rejects.toMatchObject({ code: 'FILE_MISSING' });
    await expect(importPackaging(database, join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'FILE_MISSING' });
    writeWorld();
    write('counts.jsonl', '{}');
    await expect(importPackaging(database, folder)).rejects.toMatchObject({ code: 'FILE_FORMAT' });
  });
});
