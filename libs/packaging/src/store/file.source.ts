import {
  checkedMapping,
  folderFiles,
  importFile,
  requiredFile,
  type ColumnMapping,
  type RejectedRow,
} from '@haat/data-access';

import {
  productFacts,
  type PackageCatalogue,
  type PackagingSource,
  type ProductFacts,
  type ProductRow,
  type ShipmentCountRow,
  type ShipmentCounts,
} from '../contract/index.ts';
import { readCatalogue } from './packaging.files.ts';
import { countTable, packageTypeTable, packagingFolder, packagingTables, productTable } from './packaging.tables.ts';
import { References } from './row.references.ts';
import { compareBytes } from './text.order.ts';

export interface FileSource extends PackagingSource {
  /** How many rows were left out. */
  readonly rejected: number;
  /** Why: of each file the first thousand. */
  readonly rejects: readonly RejectedRow[];
}

/**
 * Packaging's facts in a folder of files, read through the validation that an import has. Facts of products and the
 * catalogue hold for every `asOf`; counts are those of the days up to it, and a folder without their file is refused only
 * when they are asked for. Files have no revisions.
 * @throws what `folderFiles` throws, INVALID_MAPPING, INVALID_CATALOGUE
 */
export async function fileSource(
  directory: string,
  { mapping: raw = {} }: { readonly mapping?: ColumnMapping } = {},
): Promise<FileSource> {
  const mapping = checkedMapping(raw, packagingTables);
  const files = await folderFiles(directory, packagingFolder, mapping);
  const [productFile, packageFile] = [productTable, packageTypeTable].map(({ name }) =>
    requiredFile(files, directory, name),
  ) as [string, string];
  const catalogue = await readCatalogue(directory, packageFile, mapping);
  const references = new References(new Set(catalogue.types.map(({ code }) => code)));
  const products: ProductRow[] = [];
  const counts: ShipmentCountRow[] = [];
  const fromProducts = await importFile({
    file: productFile,
    definition: productTable,
    mapping: mapping['products'],
    check: references.checkProducts,
    onAccepted: (rows) => {
      references.addProducts(rows);
      for (const row of rows) products.push(row);
    },
  });
  const countFile = files.get(countTable.name);
  const fromCounts =
    countFile === undefined
      ? null
      : await importFile({
          file: countFile,
          definition: countTable,
          mapping: mapping['counts'],
          check: references.checkCounts,
          onAccepted: (rows) => {
            for (const row of rows) counts.push(row);
          },
        });
  products.sort((a, b) => compareBytes(a.product_id, b.product_id));
  const facts = productFacts(products);
  return {
    horizon: (asOf) => Promise.resolve({ asOf, revision: 0 }),
    rejected: fromProducts.rejected + (fromCounts?.rejected ?? 0),
    rejects: [...fromProducts.reasons, ...(fromCounts?.reasons ?? [])],
    catalogue: () => Promise.resolve(catalogue),
    products: () => Promise.resolve(facts),
    async counts({ asOf }) {
      requiredFile(files, directory, countTable.name);
      return countsUpTo(asOf, facts, catalogue, counts);
    },
  };
}

/** Counts of the days up to `asOf` (UTC), summed by product and package, in their order. */
function countsUpTo(
  asOf: Date,
  facts: ProductFacts,
  catalogue: PackageCatalogue,
  rows: readonly ShipmentCountRow[],
): ShipmentCounts {
  const last = asOf.toISOString().slice(0, 10);
  const width = catalogue.types.length;
  const productAt = new Map(facts.id.map((id, i) => [id, i]));
  const packageAt = new Map(catalogue.types.map(({ code }, i) => [code, i]));
  const cells = facts.rows * width;
  const [shipments, damages, seen] = [new Float64Array(cells), new Float64Array(cells), new Uint8Array(cells)];
  for (const row of rows) {
    if (row.day > last) continue;
    const cell = productAt.get(row.product_id)! * width + packageAt.get(row.package)!;
    shipments[cell]! += row.shipments;
    damages[cell]! += row.damages;
    seen[cell] = 1;
  }
  const kept: number[] = [];
  for (let cell = 0; cell < cells; cell += 1) if (seen[cell] === 1) kept.push(cell);
  return {
    rows: kept.length,
    product: Int32Array.from(kept, (cell) => Math.floor(cell / width)),
    package: Int32Array.from(kept, (cell) => cell % width),
    shipments: Float64Array.from(kept, (cell) => shipments[cell]!),
    damages: Float64Array.from(kept, (cell) => damages[cell]!),
  };
}
