import { z } from 'zod';
import type { PackageType, ProductRow, Tariff } from './facts.ts';

const withoutControls = { error: 'text without control characters' };
/** What identifies something: one line of printable text. */
const identifier = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .regex(/^\P{Cc}*$/u, withoutControls);
/** What people read: tabs and line breaks may be in it. */
const words = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .regex(/^[\P{Cc}\t\r\n]*$/u, withoutControls);
const code = identifier(64);
/** From a tenth of a millimetre, thinner than anything that is sold: below, logarithms and products of sides lose their sense. */
const lengthCm = z.number().gte(0.01).lte(1000);

/** What the damage model asks of a product: nothing but what the catalogue knows before the first shipment. */
export const productTraitsSchema = z.object({
  category: words(200).default('unknown').describe("Category; 'unknown' where the source has none"),
  weight_g: z.number().gte(0.1).lte(1_000_000).describe('Weight of one unit without its package, g'),
  length_cm: lengthCm.describe('Length of one unit, cm'),
  width_cm: lengthCm.describe('Width of one unit, cm'),
  height_cm: lengthCm.describe('Height of one unit, cm'),
  price_inr: z.number().gte(0.01).lte(100_000_000).describe('Selling price of one unit, INR'),
  fragile: z.boolean().describe("The catalogue's flag: breaks easily (0 and 1 are read as false and true)"),
  liquid: z.boolean().describe("The catalogue's flag: holds a liquid (0 and 1 are read as false and true)"),
});
export type ProductTraits = z.output<typeof productTraitsSchema>;

/** One product, as a row of a file or of a request. */
export const productRowSchema = z.object({
  product_id: identifier(200).describe('Identifier of the product'),
  ...productTraitsSchema.shape,
  current_package: code.nullable().default(null).describe('Code of the package that is used today; null: not recorded'),
  demand: z.number().gte(0).lte(1_000_000_000).describe('Units shipped a month'),
}) satisfies z.ZodType<ProductRow>;

export const packageTypeSchema = z
  .object({
    code: code.describe('Code of the package type'),
    name: words(200).describe('Name for people'),
    material_inr: z.number().gte(0).lte(100_000).describe('Material and labour at zero volume, INR a piece'),
    added_cm: z.number().gte(0).lte(200).describe('Padding added to each dimension, cm'),
    tare_kg: z.number().gte(0).lte(1000).describe('Weight of the empty package, kg'),
    max_kg: z.number().gt(0).lte(10_000).describe('Heaviest product that it takes, kg'),
    max_thickness_cm: z
      .number()
      .gt(0)
      .lte(1000)
      .nullable()
      .default(null)
      .describe('Largest smallest dimension of a product that it takes, cm; null: no limit'),
  })
  .describe(
    'One package type; the order of the rows is the order of protection, the weakest first',
  ) satisfies z.ZodType<PackageType>;

/** One line of history. */
export const shipmentCountSchema = z
  .object({
    product_id: identifier(200).describe('Identifier of the product'),
    package: code.describe('Code of the package type'),
    day: z.iso.date({ error: 'a day of the calendar, YYYY-MM-DD' }).describe('Day of dispatch, YYYY-MM-DD'),
    shipments: z.int().gte(0).lte(1_000_000_000).describe('Units shipped that day'),
    damages: z.int().gte(0).lte(1_000_000_000).describe('Units of these that arrived damaged'),
  })
  .refine((row) => row.damages <= row.shipments, {
    path: ['damages'],
    error: (issue) => {
      const row = issue.input as { damages: number; shipments: number };
      return `expected at most the shipments of the row (${row.shipments}), got ${row.damages}`;
    },
  });
export type ShipmentCountRow = z.output<typeof shipmentCountSchema>;

/** Prices; where a world has none, `defaultTariff` holds. */
export const tariffSchema = z.object({
  material_volume_share: z
    .number()
    .gte(0)
    .lte(10)
    .describe('Material grows as 1 + share * ln(1 + volume / scale): the share'),
  material_volume_scale_cm3: z.number().gt(0).describe('... and the scale, cm3'),
  freight_inr_per_half_kg: z.number().gte(0).describe('Freight per started half kilogram of charged weight, INR'),
  volumetric_cm3_per_kg: z.number().gt(0).describe('Volume that counts as one kilogram, cm3'),
  write_off_share: z.number().gte(0).lte(1).describe('Share of the price that a damaged unit loses'),
  damage_fixed_inr: z.number().gte(0).describe('Return freight and goodwill for a damaged unit, INR'),
}) satisfies z.ZodType<Tariff>;

/** The tariff of research 3: freight 14 INR per started half kilogram, volumetric 5000, damage .75 of the price + 90 INR. */
export const defaultTariff: Tariff = {
  material_volume_share: 0.3,
  material_volume_scale_cm3: 3000,
  freight_inr_per_half_kg: 14,
  volumetric_cm3_per_kg: 5000,
  write_off_share: 0.75,
  damage_fixed_inr: 90,
};
