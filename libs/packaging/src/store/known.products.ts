import type { TableDefinition } from '@haat/data-access';

import { parseProductRow, type ProductRow } from '../contract/index.ts';
import { productTable } from './packaging.tables.ts';

/** What a file of products need not say, with a value that passes where it does not. */
const unsaid = { price_inr: 1, fragile: false, liquid: false, demand: 0 } as const;
type Unsaid = keyof typeof unsaid;

/** A product whose weight and dimensions are known; null stands for what its file does not say. */
export type KnownProductRow = Omit<ProductRow, Unsaid> & { readonly [Name in Unsaid]: ProductRow[Name] | null };

/** `products` of which weight and dimensions have to be there and the rest may be. */
export const knownProductTable: TableDefinition<KnownProductRow> = {
  ...productTable,
  columns: Object.fromEntries(
    Object.entries(productTable.columns).map(([name, column]) => [
      name,
      name in unsaid ? { ...column, optional: true } : column,
    ]),
  ),
  parse(raw) {
    const row = parseProductRow({ ...unsaid, ...raw });
    const said = <Name extends Unsaid>(name: Name) => (raw[name] === undefined ? null : row[name]);
    return {
      ...row,
      price_inr: said('price_inr'),
      fragile: said('fragile'),
      liquid: said('liquid'),
      demand: said('demand'),
    };
  },
  key: ({ product_id: id }) => [id],
};
