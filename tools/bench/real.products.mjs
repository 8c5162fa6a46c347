import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readMapping, readTable } from '@haat/data-access';
import { knownProductTable } from '@haat/packaging/store';

/** Products of a file, and the rows that are none with the reason. */
export async function readProducts(file, mapping) {
  const own = join(dirname(fileURLToPath(import.meta.url)), 'olist.mapping.json');
  const { products } = await readMapping(mapping ?? own, [knownProductTable]);
  const { rows, rejected } = await readTable(file, knownProductTable, products);
  return { products: rows, rejected };
}
