import { readParquet, writeParquet, type ParquetTable } from '@haat/data-access';
import type { Batch } from '@haat/kit';
import { takeFacts, type PackageCatalogue } from '../contract/index.ts';
import { damageColumns } from '../features/index.ts';
import type { DamageData } from './damage.data.ts';

const catalogueKey = 'haat.catalogue';

/**
 * One row for each product and package with shipments, by product id and package, with the product's traits beside the counts and
 * the catalogue in the file's metadata. Today's package and demand are no business of the model and stay out.
 */
export async function writeDamageSnapshot(data: DamageData, file: string): Promise<{ rows: number }> {
  const { facts, counts, catalogue } = data;
  const order = Int32Array.from({ length: counts.rows }, (_, r) => r)
    .filter((r) => counts.shipments[r]! > 0)
    .sort((a, b) => compareText(productOf(data, a), productOf(data, b)) || counts.package[a]! - counts.package[b]!);
  const sorted = takeFacts(
    facts,
    Int32Array.from(order, (r) => counts.product[r]!),
  );
  await writeParquet(
    file,
    {
      product_id: sorted.id,
      category: sorted.category,
      weight_g: sorted.weightG,
      length_cm: sorted.lengthCm,
      width_cm: sorted.widthCm,
      height_cm: sorted.heightCm,
      price_inr: sorted.priceInr,
      fragile: sorted.fragile,
      liquid: sorted.liquid,
      package: Int32Array.from(order, (r) => counts.package[r]!),
      shipments: Float64Array.from(order, (r) => counts.shipments[r]!),
      damages: Float64Array.from(order, (r) => counts.damages[r]!),
    },
    { metadata: { [catalogueKey]: JSON.stringify(catalogue) } },
  );
  return { rows: order.length };
}

export async function readDamageSnapshot(file: string): Promise<DamageData> {
  const table = await readParquet(file);
  const { rows } = table;
  const id = textOf(table, 'product_id');
  const first: number[] = [];
  const product = new Int32Array(rows);
  for (let r = 0; r < rows; r++) {
    if (r === 0 || id[r] !== id[r - 1]) first.push(r);
    product[r] = first.length - 1;
  }
  const everyRow = {
    rows,
    id,
    category: textOf(table, 'category'),
    weightG: table.numbers('weight_g'),
    lengthCm: table.numbers('length_cm'),
    widthCm: table.numbers('width_cm'),
    heightCm: table.numbers('height_cm'),
    priceInr: table.numbers('price_inr'),
    fragile: table.flags('fragile'),
    liquid: table.flags('liquid'),
    currentPackage: [],
    demand: new Float64Array(rows),
  };
  const facts = takeFacts(everyRow, first);
  return {
    catalogue: JSON.parse(table.metadata[catalogueKey]!) as PackageCatalogue,
    facts: { ...facts, currentPackage: first.map(() => null) },
    counts: {
      rows,
      product,
      package: Int32Array.from(table.numbers('package')),
      shipments: table.numbers('shipments'),
      damages: table.numbers('damages'),
    },
  };
}

/** The features of a snapshot, one row for each product. */
export async function damageReference(file: string): Promise<Batch> {
  return damageColumns((await readDamageSnapshot(file)).facts);
}

function textOf(table: ParquetTable, name: string): readonly string[] {
  return table.text(name).map((value) => value ?? '');
}

function productOf({ facts, counts }: DamageData, row: number): string {
  return facts.id[counts.product[row]!]!;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
