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

/** Where bad rows go. */
interface RejectsPlace {
  readonly rejects?: string;
  readonly out: string;
}

/** The file of the bad rows: the one that is named, else one in the folder that is written. */
export function rejectsFileOf({ rejects, out }: RejectsPlace): string {
  return rejects ?? join(out, 'products.rejects.csv');
}

/**
 * Reads the products of a file; bad rows go to a file of their own.
 * @throws FILE_MISSING, FILE_EMPTY, FILE_FORMAT, FILE_ENCODING, FILE_HEADER, INVALID_MAPPING
 */
export async function knownProducts(
  file: string,
  { mapping, ...place }: RejectsPlace & { readonly mapping?: string },
): Promise<KnownProducts> {
  const columns = mapping === undefined ? {} : await readMapping(mapping, [knownProductTable]);
  const products: KnownProduct[] = [];
  const read = await importFile({
    file,
    definition: knownProductTable,
    mapping: columns['products'],
    rejectsFile: rejectsFileOf(place),
    onAccepted: (rows) => void products.push(...rows),
  });
  return { products, rejected: read.rejected, rejects: read.rejectsFile };
}
