import type { FolderTables, TableDefinition } from '@haat/data-access';

import {
  parsePackageType,
  parseProductRow,
  parseShipmentCount,
  type PackageType,
  type ProductRow,
  type ShipmentCountRow,
} from '../contract/index.ts';

/** `products`: one row a product. */
export const productTable: TableDefinition<ProductRow> = {
  name: 'products',
  columns: {
    product_id: { kind: 'text' },
    category: { kind: 'text', optional: true },
    weight_g: { kind: 'number', unit: 'g' },
    length_cm: { kind: 'number', unit: 'cm' },
    width_cm: { kind: 'number', unit: 'cm' },
    height_cm: { kind: 'number', unit: 'cm' },
    price_inr: { kind: 'number', unit: 'inr' },
    fragile: { kind: 'boolean' },
    liquid: { kind: 'boolean' },
    current_package: { kind: 'text', optional: true },
    demand: { kind: 'number' },
  },
  parse: (raw) => parseProductRow(raw),
  key: (row) => [row.product_id],
  keyColumns: ['product_id'],
};

/** `package-types`: one row a type, in the order of protection, the weakest first. */
export const packageTypeTable: TableDefinition<PackageType> = {
  name: 'package-types',
  columns: {
    code: { kind: 'text' },
    name: { kind: 'text' },
    material_inr: { kind: 'number', unit: 'inr' },
    added_cm: { kind: 'number', unit: 'cm' },
    tare_kg: { kind: 'number', unit: 'kg' },
    max_kg: { kind: 'number', unit: 'kg' },
    max_thickness_cm: { kind: 'number', unit: 'cm', optional: true },
  },
  parse: (raw) => parsePackageType(raw),
  key: (row) => [row.code],
  keyColumns: ['code'],
};

/** `counts`: one row for each product, package and day with shipments. */
export const countTable: TableDefinition<ShipmentCountRow> = {
  name: 'counts',
  columns: {
    product_id: { kind: 'text' },
    package: { kind: 'text' },
    day: { kind: 'text' },
    shipments: { kind: 'number' },
    damages: { kind: 'number' },
  },
  parse: (raw) => parseShipmentCount(raw),
  key: (row) => [row.product_id, row.package, row.day],
  keyColumns: ['product_id', 'package', 'day'],
};

export const packagingTables = [productTable, packageTypeTable, countTable];

export const packagingFolder: FolderTables = { domain: 'packaging', tables: packagingTables };
