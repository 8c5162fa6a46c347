import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ask, onStack } from '../stack/shared.stack.ts';

const header =
  'product_id,category,weight_g,length_cm,width_cm,height_cm,price_inr,fragile,liquid,current_package,demand';
const good = 'p000001,apparel,400,30,20,5,500,false,false,polybag,3';

let folder: string;
let files: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'haat-e2e-import-'));
  files = join(folder, 'files');
  mkdirSync(files);
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Summary {
  readonly accepted: number;
  readonly rejected: number;
  readonly changed: number;
  readonly dataRevision: number;
  readonly tables: readonly {
    readonly rejectsFile: string | null;
    readonly reasons: readonly { readonly line: number; readonly column: string | null; readonly reason: string }[];
  }[];
}

const summaryOf = (stdout: string) => JSON.parse(stdout) as Summary;
const revision = async () => summaryOf((await onStack(['import', 'packaging', files, '--dry-run', '--json'])).stdout);

async function refusedWith(code: string): Promise<void> {
  const { status, stderr } = await onStack(['import', 'packaging', files]);
  expect(stderr).toContain(`error ${code}: `);
  expect(status).toBe(1);
}

describe('a bad row', () => {
  it.each([
    ['zero volume', 'e2e1,apparel,400,30,20,0,500,false,false,polybag,3', 'height_cm'],
    ['a weight that is NaN', 'e2e1,apparel,NaN,30,20,5,500,false,false,polybag,3', 'weight_g'],
    ['a missing weight', 'e2e1,apparel,,30,20,5,500,false,false,polybag,3', 'weight_g'],
    ['an unknown package', 'e2e1,apparel,400,30,20,5,500,false,false,paper-bag,3', 'current_package'],
    ['a value that is cut off', 'e2e1,apparel,400,30', null],
  ])('(%s) costs that row, with line, column and reason', async (_, row, column) => {
    writeFileSync(join(files, 'products.csv'), `${header}\n${good}\n${row}\n`);
    const { status, stdout } = await onStack(['import', 'packaging', files, '--json']);
    expect(status).toBe(3);
    const summary = summaryOf(stdout);
    expect(summary).toMatchObject({ accepted: 1, rejected: 1 });
    expect(summary.tables[0]!.reasons).toEqual([{ file: 'products.csv', line: 3, column, reason: expect.any(String) }]);
    expect(readFileSync(summary.tables[0]!.rejectsFile!, 'utf8')).toContain('e2e1,apparel');
  });

  it.each([
    ['a negative count', 'p000001,polybag,2025-01-05,-1,0', 'shipments'],
    ['more damages than shipments', 'p000001,polybag,2025-01-05,1,2', 'damages'],
    ['an unknown product', 'nobody,polybag,2025-01-05,1,0', 'product_id'],
    ['an unknown package', 'p000001,paper-bag,2025-01-05,1,0', 'package'],
  ])('of counts (%s) costs that row', async (_, row, column) => {
    writeFileSync(join(files, 'counts.csv'), `product_id,package,day,shipments,damages\n${row}\n`);
    const { status, stdout } = await onStack(['import', 'packaging', files, '--json']);
    expect(status).toBe(3);
    expect(summaryOf(stdout)).toMatchObject({ accepted: 0, rejected: 1, changed: 0 });
    expect(summaryOf(stdout).tables[0]!.reasons).toMatchObject([{ line: 2, column }]);
  });

  it('among 30 columns and quoted newlines is told by its physical line', async () => {
    const more = Array.from({ length: 19 }, (_, i) => `extra_${i}`).join(',');
    const filler = '"two\nlines"' + ',x'.repeat(18);
    writeFileSync(
      join(files, 'products.csv'),
      `${header},${more}\n${good},${filler}\ne2e2,apparel,heavy,30,20,5,500,false,false,polybag,3,${filler}\n`,
    );
    const { status, stdout } = await onStack(['import', 'packaging', files, '--dry-run', '--json']);
    expect(status).toBe(3);
    expect(summaryOf(stdout)).toMatchObject({ accepted: 1, rejected: 1 });
    expect(summaryOf(stdout).tables[0]!.reasons).toMatchObject([{ line: 4, column: 'weight_g' }]);
  });

  it('is mended in the rejects file and imported from there', async () => {
    writeFileSync(
      join(files, 'products.csv'),
      `${header}\n${good}\ne2e3,apparel,0,30,20,5,500,false,false,polybag,3\n`,
    );
    const first = summaryOf((await onStack(['import', 'packaging', files, '--json'])).stdout);
    const mended = join(folder, 'mended');
    mkdirSync(mended);
    const rejects = readFileSync(first.tables[0]!.rejectsFile!, 'utf8');
    writeFileSync(join(mended, 'products.csv'), rejects.replace('e2e3,apparel,0,', 'e2e3,apparel,250,'));
    const second = await onStack(['import', 'packaging', mended, '--json']);
    expect(second.status).toBe(0);
    expect(summaryOf(second.stdout)).toMatchObject({ accepted: 1, changed: 1 });
    const { data } = await ask('{ product(id: "e2e3") { weightG } }');
    expect(data).toEqual({ product: { weightG: 250 } });
  });
});

describe('a bad file', () => {
  it.each([
    ['is empty', '', 'FILE_EMPTY'],
    ['lacks a column', `product_id,category\n1,apparel\n`, 'FILE_HEADER'],
    ['is no text', Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0xff, 0xfe, 0x00, 0x01, 0x0a]), 'FILE_'],
    [
      'breaks off its encoding',
      Buffer.concat([Buffer.from(`${header}\n${good}\n`), Buffer.from([0xff, 0x0a])]),
      'FILE_ENCODING',
    ],
  ])('(one that %s) is refused', async (_, content, code) => {
    writeFileSync(join(files, 'products.csv'), content);
    const { status, stderr } = await onStack(['import', 'packaging', files]);
    expect(status).toBe(1);
    expect(stderr).toMatch(new RegExp(`error ${code}.*products\\.csv`));
  });

  it('that is not what its name says is refused', async () => {
    writeFileSync(join(files, 'products.parquet'), `${header}\n${good}\n`);
    await refusedWith('FILE_FORMAT');
  });

  it('keeps the good files beside it out too', async () => {
    writeFileSync(join(files, 'products.csv'), `${header}\ne2e9,apparel,400,30,20,5,500,false,false,polybag,3\n`);
    const before = (await revision()).dataRevision;
    cpSync(join(files, 'products.csv'), join(folder, 'products.csv'));
    writeFileSync(join(files, 'counts.csv'), 'product_id,package\np000001,polybag\n');
    await refusedWith('FILE_HEADER');
    rmSync(join(files, 'counts.csv'));
    expect((await revision()).dataRevision).toBe(before);
    const { errors } = await ask('{ product(id: "e2e9") { id } }');
    expect(errors?.[0]?.extensions?.code).toBe('UNKNOWN_PRODUCT');
  });
});

describe('an import', () => {
  it('changes nothing when it is done again', async () => {
    writeFileSync(join(files, 'products.csv'), `${header}\ne2e5,apparel,400,30,20,5,500,false,false,polybag,3\n`);
    expect(summaryOf((await onStack(['import', 'packaging', files, '--json'])).stdout)).toMatchObject({ changed: 1 });
    expect(summaryOf((await onStack(['import', 'packaging', files, '--json'])).stdout)).toMatchObject({ changed: 0 });
    expect(existsSync(join(files, 'rejects'))).toBe(false);
  });

  it('reads other column names and units by a mapping', async () => {
    writeFileSync(
      join(files, 'products.csv'),
      `${header.replace('weight_g', 'Weight')}\ne2e6,apparel,0.4,30,20,5,500,false,false,polybag,3\n`,
    );
    const mapping = join(folder, 'mapping.json');
    writeFileSync(mapping, JSON.stringify({ products: { weight_g: { column: 'Weight', unit: 'kg' } } }));
    expect((await onStack(['import', 'packaging', files, '--mapping', mapping])).status).toBe(0);
    const { data } = await ask('{ product(id: "e2e6") { weightG } }');
    expect(data).toEqual({ product: { weightG: 400 } });
  });
});
