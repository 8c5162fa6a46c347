import { join } from 'node:path';

import { openTable, readMapping, RejectsFile, type TableDefinition } from '@haat/data-access';
import { parseProductRow } from '@haat/packaging/contract';
import type { KnownProduct } from '@haat/simulators';

/** What a file of products need not say, with a value that passes where it does not. The simulator makes these up. */
const madeUp = { price_inr: 1, fragile: false, liquid: false, demand: 0 } as const;

/** Products whose attributes are known in part: weight and dimensions have to be there. */
const knownProductTable: TableDefinition<KnownProduct> = {
  name: 'products',
  columns: {
    product_id: { kind: 'text' },
    category: { kind: 'text', optional: true },
    weight_g: { kind: 'number', unit: 'g' },
    length_cm: { kind: 'number', unit: 'cm' },
    width_cm: { kind: 'number', unit: 'cm' },
    height_cm: { kind: 'number', unit: 'cm' },
    price_inr: { kind: 'number', unit: 'INR', optional: true },
    fragile: { kind: 'boolean', optional: true },
    liquid: { kind: 'boolean', optional: true },
    current_package: { kind: 'text', optional: true },
    demand: { kind: 'number', optional: true },
  },
  parse(raw) {
    const row = parseProductRow({ ...madeUp, ...raw });
    const said = <Name extends keyof typeof madeUp>(name: Name) => (raw[name] === undefined ? null : row[name]);
    return {
      ...row,
      price_inr: said('price_inr'),
      fragile: said('fragile'),
      liquid: said('liquid'),
      demand: said('demand'),
    };
  },
  key: ({ product_id: id }) => id,
  keyColumns: ['product_id'],
};

export interface KnownProducts {
  readonly products: readonly KnownProduct[];
  readonly rejected: number;
  /** File of the bad rows with their reasons; null when there are none. */
  readonly rejects: string | null;
}

/**
 * Reads the products of a file; bad rows go to a file of their own.
 * @throws FILE_MISSING, FILE_EMPTY, FILE_FORMAT, FILE_ENCODING, FILE_HEADER, INVALID_MAPPING
 */
export async function knownProducts(
  file: string,
  { mapping, rejects, out }: { readonly mapping?: string; readonly rejects?: string; readonly out: string },
): Promise<KnownProducts> {
  const columns = mapping === undefined ? {} : await readMapping(mapping, [knownProductTable]);
  const table = await openTable(file, knownProductTable, columns['products']);
  const refused = new RejectsFile(rejects ?? join(out, 'products.rejects.csv'), table.header);
  const products: KnownProduct[] = [];
  let rejected = 0;
  for await (const { records } of table.batches()) {
    const bad = records.flatMap(({ source, rejected: reason }) =>
      reason === undefined ? [] : [{ source, rejected: reason }],
    );
    rejected += bad.length;
    await refused.write(bad);
    for (const { row } of records) if (row !== undefined) products.push(row);
  }
  return { products, rejected, rejects: await refused.finish() };
}
