import { defineFeatureView } from '@haat/features';

/** What the catalogue knows of a product. */
export const productView = defineFeatureView({
  name: 'packaging/product',
  title: 'Products',
  doc: 'What packaging knows of a product before its next shipment. Damage probabilities, recommendations and plans are made from it.',
  table: 'packaging.product',
  key: ['product_id'],
  eventTime: { column: 'valid_from', type: 'timestamptz' },
  reading: 'latest',
  facts: {
    category: { type: 'text', unit: '', doc: "Category; 'unknown' where the source has none" },
    weight_g: { type: 'number', unit: 'g', doc: 'Weight of one unit without its package' },
    length_cm: { type: 'number', unit: 'cm', doc: 'Length of one unit' },
    width_cm: { type: 'number', unit: 'cm', doc: 'Width of one unit' },
    height_cm: { type: 'number', unit: 'cm', doc: 'Height of one unit' },
    price_inr: { type: 'number', unit: 'INR', doc: 'Selling price of one unit' },
    fragile: { type: 'flag', unit: '1', doc: 'Breaks easily' },
    liquid: { type: 'flag', unit: '1', doc: 'Holds a liquid' },
    current_package: {
      type: 'text',
      unit: '',
      doc: 'Code of the package that is used today; null where none is recorded',
    },
    demand: { type: 'number', unit: '1/month', doc: 'Units shipped a month' },
  },
  freshDays: 365,
});

/** What became of a product's shipments in a package. */
export const shipmentView = defineFeatureView({
  name: 'packaging/shipment',
  title: 'Shipments',
  doc: 'Shipments and damages of a product in a package, summed over the days up to a moment: what the damage model learns from.',
  table: 'packaging.shipment_count',
  key: ['product_id', 'package'],
  eventTime: { column: 'day', type: 'date' },
  reading: 'total',
  facts: {
    shipments: { type: 'number', unit: '1', doc: 'Units shipped' },
    damages: { type: 'number', unit: '1', doc: 'Units of these that arrived damaged' },
  },
  freshDays: 92,
});

/** Every view of packaging. */
export const packagingViews = [productView, shipmentView] as const;
