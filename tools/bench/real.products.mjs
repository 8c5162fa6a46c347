import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readMapping, readTable } from '@haat/data-access';
import { parseProductRow } from '@haat/packaging/contract';

/** What the simulator makes up; a value that passes where the file has none. */
const madeUp = { price_inr: 1, fragile: false, liquid: false, demand: 0 };

/** Products of which the file tells weight, dimensions and perhaps a category. */
const productTable = {
  name: 'products',
  columns: {
    product_id: { kind: 'text' },
    category: { kind: 'text', optional: true },
    weight_g: { kind: 'number', unit: 'g' },
    length_cm: { kind: 'number', unit: 'cm' },
    width_cm: { kind: 'number', unit: 'cm' },
    height_cm: { kind: 'number', unit: 'cm' },
  },
  parse(raw) {
    const { product_id, category, weight_g, length_cm, width_cm, height_cm } = parseProductRow({ ...madeUp, ...raw });
    return { product_id, category, weight_g, length_cm, width_cm, height_cm };
  },
  key: ({ product_id: id }) => id,
  keyColumns: ['product_id'],
};

/** Products of a file, and the rows that are none with the reason. */
export async function readProducts(file, mapping) {
  const own = join(dirname(fileURLToPath(import.meta.url)), 'olist.mapping.json');
  const { products } = await readMapping(mapping ?? own, [productTable]);
  const { rows, rejected } = await readTable(file, productTable, products);
  return { products: rows, rejected };
}
