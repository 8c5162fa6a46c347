import { join } from 'node:path';

import { importFile, readMapping, type TableDefinition } from '@haat/data-access';
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
  key: ({ product_id: id }) => [id],
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
  const products: KnownProduct[] = [];
  const read = await importFile({
    file,
    definition: knownProductTable,
    mapping: columns['products'],
    rejectsFile: rejects ?? join(out, 'products.rejects.csv'),
    onAccepted: (rows) => void products.push(...rows),
  });
  return { products, rejected: read.rejected, rejects: read.rejectsFile };
}
