import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulatePackaging } from './packaging.simulator.ts';
import { worldTables } from './world.tables.ts';
import type { WorldFormat } from '../files/table.writer.ts';
import { worldFiles, writeWorld } from './world.writer.ts';

const world = simulatePackaging({
  seed: 3,
  products: [
    { product_id: 'plain', category: 'toys', weight_g: 500, length_cm: 20, width_cm: 10, height_cm: 10 },
    { product_id: 'q"u,o\nted', category: 'toys', weight_g: 70_000, length_cm: 20, width_cm: 10, height_cm: 10 },
  ],
});

describe('writeWorld', () => {
  let directory: string;
  beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'haat-world-'))));
  afterEach(() => rm(directory, { recursive: true }));

  const read = (name: string) => readFile(join(directory, name), 'utf8');

  it.each<WorldFormat>(['csv', 'jsonl'])('writes every file of a world as %s, the same bytes twice', async (format) => {
    const written = await writeWorld(world, directory, format);
    expect(written.map(({ file }) => file)).toEqual(worldFiles(directory, format));
    const files = ['counts', 'package-types', 'products'].map((name) => `${name}.${format}`);
    expect((await readdir(directory)).sort()).toEqual([...files, 'tariff.json', 'truth'].sort());
    expect((await readdir(join(directory, 'truth'))).sort()).toEqual(
      ['constants.json', `probabilities.${format}`, `products.${format}`, `randomly-packed.${format}`].sort(),
    );
    expect(written.find(({ file }) => file.endsWith(`counts.${format}`))?.rows).toBe(world.counts.rows);
    const before = await Promise.all(written.map(({ file }) => readFile(file)));
    await writeWorld(world, directory, format);
    expect(await Promise.all(written.map(({ file }) => readFile(file)))).toEqual(before);
  });

  it('quotes fields, leaves nulls empty and writes days', async () => {
    await writeWorld(world, directory, 'csv');
    const products = await read('products.csv');
    expect(products).toMatch(
      /^product_id,category,weight_g,length_cm,width_cm,height_cm,price_inr,fragile,liquid,current_package,demand\n/,
    );
    expect(products).toContain('\n"q""u,o\nted",toys,70000,20,10,10,');
    expect(products).toMatch(/(true|false),(true|false),,[\d.]+\n$/);
    expect((await read('counts.csv')).split('\n')[1]).toMatch(/^plain,[a-z-]+,2025-0[123]-\d\d,\d+,\d+$/);
    expect(await read('package-types.csv')).toContain('\ncarton,Single-wall carton,16,3,0.18,15,\n');
  });

  it('writes JSON lines that hold the same values', async () => {
    await writeWorld(world, directory, 'jsonl');
    const rows = (await read('products.jsonl'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(rows[1]).toMatchObject({ product_id: 'q"u,o\nted', weight_g: 70_000, current_package: null });
    expect(rows).toHaveLength(2);
  });

  it('gives the columns to the Parquet writer, and says when there is none', async () => {
    const tables = new Map<string, readonly string[]>();
    await writeWorld(world, directory, 'parquet', {
      parquet: async (file, columns) => void tables.set(file.slice(directory.length + 1), Object.keys(columns)),
    });
    expect(Object.fromEntries(tables)).toEqual(
      Object.fromEntries(
        Object.entries(worldTables(world)).map(([name, table]) => [`${name}.parquet`, Object.keys(table.columns)]),
      ),
    );
    await expect(writeWorld(world, directory, 'parquet')).rejects.toThrow('needs the option `parquet`');
  });
});
