/** A product whose attributes are known; what is left out (or null) is simulated. Units as in files. */
export interface KnownProduct {
  readonly product_id: string;
  readonly weight_g: number;
  readonly length_cm: number;
  readonly width_cm: number;
  readonly height_cm: number;
  /** Default 'unknown'. */
  readonly category?: string | null;
  readonly price_inr?: number | null;
  readonly fragile?: boolean | null;
  readonly liquid?: boolean | null;
  readonly current_package?: string | null;
  /** Units shipped a month. */
  readonly demand?: number | null;
}

export interface PackagingWorldOptions {
  /** Non-negative safe integer. The same options give the same bytes. */
  readonly seed: number;
  /** How many products to make up (default 30,000), or products whose attributes are known. */
  readonly products?: number | readonly KnownProduct[];
  /** Days of history. Default 90. */
  readonly days?: number;
  /** First day of the history, `YYYY-MM-DD`. Default 2025-01-01. */
  readonly firstDay?: string;
}

/** n products in columns, named and measured as in the file `products`. */
export interface WorldProducts {
  readonly rows: number;
  readonly product_id: readonly string[];
  readonly category: readonly string[];
  readonly weight_g: Float64Array;
  readonly length_cm: Float64Array;
  readonly width_cm: Float64Array;
  readonly height_cm: Float64Array;
  readonly price_inr: Float64Array;
  /** 0 or 1. */
  readonly fragile: Uint8Array;
  readonly liquid: Uint8Array;
  /** Code of a package type; null where no type takes the product. */
  readonly current_package: readonly (string | null)[];
  readonly demand: Float64Array;
}

/** One package type, as in the file `package-types`; the order is that of protection. */
export interface WorldPackageType {
  readonly code: string;
  readonly name: string;
  readonly material_inr: number;
  readonly added_cm: number;
  readonly tare_kg: number;
  readonly max_kg: number;
  readonly max_thickness_cm: number | null;
}

/** The prices in `tariff.json`. */
export interface WorldTariff {
  readonly material_volume_share: number;
  readonly material_volume_scale_cm3: number;
  readonly freight_inr_per_half_kg: number;
  readonly volumetric_cm3_per_kg: number;
  readonly write_off_share: number;
  readonly damage_fixed_inr: number;
}

/** m rows of shipments and damages, sorted by product, package and day. */
export interface WorldCounts {
  readonly rows: number;
  /** Row of the product. */
  readonly product: Int32Array;
  /** Position of the package type. */
  readonly package: Uint8Array;
  /** Days after `firstDay`. */
  readonly day: Uint16Array;
  readonly shipments: Int32Array;
  readonly damages: Int32Array;
}

/** What the world knows and no model may see. */
export interface PackagingTruth {
  /** Damage probability [n, K], row-major, non-increasing along K. */
  readonly probability: Float64Array;
  /** Fragility in [0, 1], [n]. */
  readonly fragility: Float64Array;
  /** Product's own effect on the log-odds, [n]. */
  readonly effect: Float64Array;
  /** Shipments in uniformly random packages among those that take the product: for measuring without selection bias. */
  readonly randomlyPacked: Omit<WorldCounts, 'day'>;
}

export interface PackagingWorld {
  readonly seed: number;
  readonly firstDay: string;
  readonly days: number;
  readonly products: WorldProducts;
  readonly packageTypes: readonly WorldPackageType[];
  readonly tariff: WorldTariff;
  readonly counts: WorldCounts;
  readonly truth: PackagingTruth;
}
