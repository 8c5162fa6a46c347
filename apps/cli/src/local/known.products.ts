import { join } from 'node:path';

import { importFile, readMapping } from '@haat/data-access';
import { knownProductTable } from '@haat/packaging/store';
import type { KnownProduct } from '@haat/simulators';

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
