import { dayOf } from '../files/dates.ts';
import type { WorldTable } from '../files/table.writer.ts';
import type { PackagingWorld } from './packaging.world.ts';

/** The names of a world's tables, without the ending that says their format. */
export const worldTableNames = [
  'products',
  'package-types',
  'counts',
  'truth/products',
  'truth/probabilities',
  'truth/randomly-packed',
] as const;

/** The tables of a world by file name (without the ending), with the columns that importers read. */
export function worldTables(world: PackagingWorld): Readonly<Record<(typeof worldTableNames)[number], WorldTable>> {
  const { products, packageTypes, counts, truth } = world;
  const codes = packageTypes.map(({ code }) => code);
  const days = Array.from({ length: world.days }, (_, day) => dayOf(world.firstDay, day));
  const flags = (column: Uint8Array) => Array.from(column, (flag) => flag === 1);
  const idOf = (rows: Int32Array) => Array.from(rows, (row) => products.product_id[row]!);
  const codeOf = (positions: Uint8Array) => Array.from(positions, (k) => codes[k]!);
  const { rows, ...productColumns } = products;
  const test = truth.randomlyPacked;
  return {
    products: {
      rows,
      columns: { ...productColumns, fragile: flags(products.fragile), liquid: flags(products.liquid) },
    },
    'package-types': {
      rows: packageTypes.length,
      columns: {
        code: codes,
        name: packageTypes.map((type) => type.name),
        material_inr: packageTypes.map((type) => type.material_inr),
        added_cm: packageTypes.map((type) => type.added_cm),
        tare_kg: packageTypes.map((type) => type.tare_kg),
        max_kg: packageTypes.map((type) => type.max_kg),
        max_thickness_cm: packageTypes.map((type) => type.max_thickness_cm),
      },
    },
    counts: {
      rows: counts.rows,
      columns: {
        product_id: idOf(counts.product),
        package: codeOf(counts.package),
        day: Array.from(counts.day, (day) => days[day]!),
        shipments: counts.shipments,
        damages: counts.damages,
      },
    },
    'truth/products': {
      rows,
      columns: { product_id: products.product_id, fragility: truth.fragility, effect: truth.effect },
    },
    'truth/probabilities': {
      rows,
      columns: {
        product_id: products.product_id,
        ...Object.fromEntries(
          codes.map((code, k) => [
            code,
            Float64Array.from({ length: rows }, (_, row) => truth.probability[row * codes.length + k]!),
          ]),
        ),
      },
    },
    'truth/randomly-packed': {
      rows: test.rows,
      columns: {
        product_id: idOf(test.product),
        package: codeOf(test.package),
        shipments: test.shipments,
        damages: test.damages,
      },
    },
  };
}
