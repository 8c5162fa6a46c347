/**
 * What is known about n products as of a moment, in columns. Weights in grams, lengths in centimetres, money in INR.
 * Numbers are finite and in range (the edges check them); `category` is 'unknown' where the source has none.
 */
export interface ProductFacts {
  readonly rows: number;
  readonly id: readonly string[];
  readonly category: readonly string[];
  readonly weightG: Float64Array;
  readonly lengthCm: Float64Array;
  readonly widthCm: Float64Array;
  readonly heightCm: Float64Array;
  readonly priceInr: Float64Array;
  /** The catalogue's flags, 0 or 1. */
  readonly fragile: Uint8Array;
  readonly liquid: Uint8Array;
  /** Code of the package that is used today; null where none is recorded. */
  readonly currentPackage: readonly (string | null)[];
  /** Units shipped a month. */
  readonly demand: Float64Array;
}

/** One product, as a row of a file or of a request. Names and units as in files. */
export interface ProductRow {
  readonly product_id: string;
  readonly category: string;
  readonly weight_g: number;
  readonly length_cm: number;
  readonly width_cm: number;
  readonly height_cm: number;
  readonly price_inr: number;
  readonly fragile: boolean;
  readonly liquid: boolean;
  readonly current_package: string | null;
  readonly demand: number;
}

/** Rows to columns. An empty list gives `rows: 0`. */
export function productFacts(rows: readonly ProductRow[]): ProductFacts {
  return {
    rows: rows.length,
    id: rows.map((row) => row.product_id),
    category: rows.map((row) => row.category),
    weightG: Float64Array.from(rows, (row) => row.weight_g),
    lengthCm: Float64Array.from(rows, (row) => row.length_cm),
    widthCm: Float64Array.from(rows, (row) => row.width_cm),
    heightCm: Float64Array.from(rows, (row) => row.height_cm),
    priceInr: Float64Array.from(rows, (row) => row.price_inr),
    fragile: Uint8Array.from(rows, (row) => Number(row.fragile)),
    liquid: Uint8Array.from(rows, (row) => Number(row.liquid)),
    currentPackage: rows.map((row) => row.current_package),
    demand: Float64Array.from(rows, (row) => row.demand),
  };
}

/** The rows of `facts` at `index`, in that order. */
export function takeFacts(facts: ProductFacts, index: ArrayLike<number>): ProductFacts {
  const text = <T>(values: readonly T[]) => Array.from(index, (i) => values[i]!);
  const numbers = (values: Float64Array) => Float64Array.from(index, (i) => values[i]!);
  const flags = (values: Uint8Array) => Uint8Array.from(index, (i) => values[i]!);
  return {
    rows: index.length,
    id: text(facts.id),
    category: text(facts.category),
    weightG: numbers(facts.weightG),
    lengthCm: numbers(facts.lengthCm),
    widthCm: numbers(facts.widthCm),
    heightCm: numbers(facts.heightCm),
    priceInr: numbers(facts.priceInr),
    fragile: flags(facts.fragile),
    liquid: flags(facts.liquid),
    currentPackage: text(facts.currentPackage),
    demand: numbers(facts.demand),
  };
}

/** One package type. Types of a catalogue are ordered from the least to the most protective. */
export interface PackageType {
  readonly code: string;
  readonly name: string;
  /** Material and labour, INR a piece at zero volume. */
  readonly material_inr: number;
  /** Padding added to each dimension, cm. */
  readonly added_cm: number;
  /** Weight of the empty package, kg. */
  readonly tare_kg: number;
  /** Heaviest product that it takes, kg. */
  readonly max_kg: number;
  /** Largest smallest-dimension of a product that it takes, cm; null: no limit. */
  readonly max_thickness_cm: number | null;
}

/** The prices that turn a product and a package into rupees (research 1.7). */
export interface Tariff {
  /** Material grows as 1 + share * ln(1 + volume / scale): share, and scale in cm3. */
  readonly material_volume_share: number;
  readonly material_volume_scale_cm3: number;
  /** Freight per started half kilogram of the larger of dead and volumetric weight, INR. */
  readonly freight_inr_per_half_kg: number;
  /** cm3 that count as one kilogram. */
  readonly volumetric_cm3_per_kg: number;
  /** Cost of one damaged unit: share of the price that is written off, and INR for return freight and goodwill. */
  readonly write_off_share: number;
  readonly damage_fixed_inr: number;
}

/** The package types that a model speaks of, in order of protection, with the tariff. A model's K is `types.length`. */
export interface PackageCatalogue {
  readonly types: readonly PackageType[];
  readonly tariff: Tariff;
}

/** History in columns: m rows of shipments and damages of a product in a package over a period. */
export interface ShipmentCounts {
  readonly rows: number;
  /** Row of the product in the accompanying facts. */
  readonly product: Int32Array;
  /** Position of the package in the accompanying catalogue. */
  readonly package: Int32Array;
  readonly shipments: Float64Array;
  readonly damages: Float64Array;
}
