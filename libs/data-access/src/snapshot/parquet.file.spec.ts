import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readParquet, writeParquet } from './parquet.file.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'haat-parquet-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const columns = {
  id: ['b', 'ä', 'a', 'नम"स्ते'],
  weight: Float64Array.of(0.1, 1e300, -0, 5e-324),
  count: Int32Array.of(1, 2, 3, 4),
  flag: [true, false, null, true],
  code: [null, 'x', null, ''],
};

describe('Parquet snapshots', () => {
  it('give every value and the metadata back', async () => {
    await writeParquet(join(folder, 'a.parquet'), columns, { metadata: { catalogue: '{"a":"it\'s"}', b: '2' } });
    const table = await readParquet(join(folder, 'a.parquet'));
    expect(table.rows).toBe(4);
    expect(table.metadata).toEqual({ catalogue: '{"a":"it\'s"}', b: '2' });
    expect(table.columns).toEqual(['id', 'weight', 'count', 'flag', 'code']);
    expect(table.text('id')).toEqual(columns.id);
    expect(table.numbers('weight')).toEqual(columns.weight);
    expect(table.numbers('count')).toEqual(Float64Array.of(1, 2, 3, 4));
    expect(table.text('code')).toEqual(columns.code);
    expect(() => table.numbers('none')).toThrow(expect.objectContaining({ code: 'FILE_HEADER' }));
    expect(() => table.flags('flag')).toThrow('expected numbers, got null');
  });

  it('are the same bytes for the same rows in any order, over more than one chunk', async () => {
    const n = 5000;
    const key = Int32Array.from({ length: n }, (_, i) => i);
    const value = Float64Array.from(key, (i) => Math.sqrt(i));
    const options = { sortBy: ['key'], metadata: { z: '1', a: '2' } };
    const one = await writeParquet(join(folder, '1.parquet'), { key, value }, options);
    const turned = { key: key.toReversed(), value: value.toReversed() };
    const two = await writeParquet(join(folder, '2.parquet'), turned, { ...options, metadata: { a: '2', z: '1' } });
    expect(two).toEqual(one);
    expect(one.rows).toBe(n);
    expect(await readFile(join(folder, '1.parquet'))).toEqual(await readFile(join(folder, '2.parquet')));
    expect((await readParquet(join(folder, '2.parquet'))).numbers('value')).toEqual(value);
    const other = await writeParquet(join(folder, '3.parquet'), { key, value: value.map((v) => v + 1) }, options);
    expect(other.digest).not.toBe(one.digest);
    expect(readdirSync(folder)).toEqual(['1.parquet', '2.parquet', '3.parquet']);
  });

  it('may have no rows', async () => {
    const empty = { id: [] as string[], weight: new Float64Array() };
    await writeParquet(join(folder, 'a.parquet'), empty);
    const table = await readParquet(join(folder, 'a.parquet'));
    expect([table.rows, table.text('id'), table.numbers('weight')]).toEqual([0, [], new Float64Array()]);
  });

  it('refuse columns of different lengths or mixed types, and files that are none', async () => {
    const file = join(folder, 'a.parquet');
    await expect(writeParquet(file, { a: ['x'], b: Int32Array.of(1, 2) })).rejects.toThrow('expected 1 values, got 2');
    await expect(writeParquet(file, { a: ['x', 1] })).rejects.toThrow('expected one type, got string, number');
    writeFileSync(file, 'PAR1 and so on');
    await expect(readParquet(file)).rejects.toMatchObject({ code: 'FILE_FORMAT' });
    await expect(readParquet(join(folder, 'none.parquet'))).rejects.toMatchObject({ code: 'FILE_MISSING' });
  });
});
