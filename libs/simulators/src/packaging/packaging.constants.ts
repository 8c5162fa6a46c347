import type { WorldPackageType, WorldTariff } from './packaging.world.ts';

/** Eight package types in order of protection. */
export const packageTypes: readonly WorldPackageType[] = [
  type('polybag', 'Polybag', 2, 0.4, 0.01, 3, 60),
  type('bubble-bag', 'Bubble bag', 4, 1, 0.03, 3, 40),
  type('padded-mailer', 'Padded mailer', 6.5, 1.4, 0.05, 4, 12),
  type('rigid-mailer', 'Rigid mailer', 9, 1.2, 0.08, 5, 6),
  type('t-folder', 'T-folder box', 12, 1.8, 0.12, 6, 12),
  type('carton', 'Single-wall carton', 16, 3, 0.18, 15, null),
  type('cushioned-carton', 'Cushioned carton', 22, 5, 0.28, 20, null),
  type('double-wall-insert', 'Double-wall carton with insert', 32, 6.5, 0.45, 60, null),
];

function type(
  code: string,
  name: string,
  material_inr: number,
  added_cm: number,
  tare_kg: number,
  max_kg: number,
  max_thickness_cm: number | null,
): WorldPackageType {
  return { code, name, material_inr, added_cm, tare_kg, max_kg, max_thickness_cm };
}

export const tariff: WorldTariff = {
  material_volume_share: 0.3,
  material_volume_scale_cm3: 3000,
  freight_inr_per_half_kg: 14,
  volumetric_cm3_per_kg: 5000,
  write_off_share: 0.75,
  damage_fixed_inr: 90,
};

/** Log-odds of damage in the weakest package. w: kg, L: longest side in cm, N: a standard normal draw. */
export const severity = {
  intercept: -4.1,
  fragility: 2.6,
  liquid: 1.1,
  /** times max(ln w, 0) ^ heavyPower */
  heavy: 0.35,
  heavyPower: 1.3,
  /** times (ln L - longCentre) */
  long: 0.4,
  longCentre: 3,
  /** times fragility * max(ln w, -1) */
  fragileHeavy: 0.8,
  /** times fragility where the density is above 1 g/cm3 */
  fragileDense: 0.6,
  /** N of the category */
  categorySd: 0.45,
  /** N of the product */
  productSd: 0.7,
} as const;

/**
 * What each step to the next package takes off the log-odds: constant + fragility * f + liquid * l + flat * a + boxy * (1 - a) +
 * weight * v, with flatness a = (1 - shortest / longest side) ^ 2 and v = min(1, ln(1 + w) / ln 21). All of it is at least 0, so
 * the truth is ordered. The page leaves these open; chosen so that its published shares come out.
 */
export const protectionSteps = [
  { constant: 0.25, fragility: 0.5, liquid: 0, flat: 0, boxy: 0, weight: 0 },
  { constant: 0.18, fragility: 0.23, liquid: 0, flat: 0.09, boxy: 0, weight: 0 },
  { constant: 0.16, fragility: 0.14, liquid: 0, flat: 0.41, boxy: 0, weight: 0 },
  { constant: 0.14, fragility: 0.27, liquid: 0, flat: 0, boxy: 0.09, weight: 0 },
  { constant: 0.18, fragility: 0.18, liquid: 0, flat: 0, boxy: 0.14, weight: 0.32 },
  { constant: 0.16, fragility: 0.68, liquid: 0.23, flat: 0, boxy: 0, weight: 0 },
  { constant: 0.13, fragility: 0.41, liquid: 0.18, flat: 0, boxy: 0, weight: 0.41 },
] as const;

/** Hidden fragility and the catalogue's flag. */
export const fragility = {
  /** N of the product around the category's mean, then clipped to [0, 1]. */
  productSd: 0.15,
  /** The flag is set with probability sigmoid(flagSlope * (fragility - flagCentre)). */
  flagSlope: 8,
  flagCentre: 0.5,
} as const;

/** INR = exp(intercept + weight * ln(w + shift) + N of the category + N of the product). */
export const price = { intercept: 6.3, weight: 0.45, shift: 0.2, categorySd: 0.35, productSd: 0.6 } as const;

/** Shipments over the history = ceil(exp(mean + sd * N)). */
export const demand = { mean: 2.2, sd: 1.3 } as const;

/**
 * How packers chose: the package nearest to intercept + flag + liquid + weight * v + price * (ln INR - priceCentre) + fragility * f +
 * noise * N that takes the product. They see the hidden fragility, which is what biases the history. The weights are chosen.
 */
export const history = {
  intercept: 2.6,
  flag: 0.4,
  liquid: 0.4,
  weight: 0.5,
  price: 0.4,
  priceCentre: 6.3,
  fragility: 1.2,
  noise: 0.9,
  /** Chance that a product was also shipped in a second package, one or two steps away. */
  secondType: 0.25,
  /** Share of the shipments in that second package. */
  secondShare: 0.16,
} as const;

/** Categories that the table below does not hold: fragility = low + (high - low) * U ^ power; some are liquid. */
export const otherCategories = {
  fragilityLow: 0.03,
  fragilityHigh: 0.9,
  fragilityPower: 1.8,
  liquidCategoryShare: 0.12,
  liquidShareLow: 0.2,
  liquidShareHigh: 0.9,
  strayLiquidShare: 0.01,
} as const;

/** Shipments of each product in the randomly packed test set. */
export const randomlyPackedShipments = 10;

/** A category of the made-up catalogue. */
export interface CategoryTraits {
  readonly name: string;
  /** Relative frequency among the products. */
  readonly frequency: number;
  /** Median weight in grams, and the standard deviation of its logarithm. */
  readonly weightG: number;
  readonly weightSd: number;
  /** Median density of the packed product, g/cm3. */
  readonly density: number;
  /** Mean hidden fragility, and the share of liquids. */
  readonly fragility: number;
  readonly liquid: number;
  /** Shortest side as a share of the longest: from, to. */
  readonly thin: readonly [number, number];
}

function category(
  name: string,
  frequency: number,
  weightG: number,
  weightSd: number,
  density: number,
  fragilityMean: number,
  liquid: number,
  thin: readonly [number, number] = [0.25, 0.7],
): CategoryTraits {
  return { name, frequency, weightG, weightSd, density, fragility: fragilityMean, liquid, thin };
}

export const categories: readonly CategoryTraits[] = [
  category('apparel', 0.14, 350, 0.5, 0.2, 0.03, 0, [0.04, 0.2]),
  category('audio-video', 0.03, 1500, 0.8, 0.25, 0.65, 0),
  category('auto-parts', 0.03, 2200, 1, 0.7, 0.3, 0.05),
  category('beauty', 0.08, 250, 0.6, 0.6, 0.45, 0.45),
  category('books', 0.07, 400, 0.6, 0.8, 0.05, 0, [0.05, 0.2]),
  category('ceramics', 0.04, 1100, 0.8, 0.35, 0.9, 0),
  category('edible-oil', 0.02, 1500, 0.5, 0.85, 0.6, 0.95),
  category('electronics', 0.05, 900, 0.9, 0.3, 0.7, 0),
  category('footwear', 0.06, 800, 0.35, 0.12, 0.05, 0),
  category('furniture', 0.02, 9000, 0.6, 0.15, 0.4, 0, [0.05, 0.4]),
  category('garden', 0.02, 2000, 0.9, 0.4, 0.35, 0.1),
  category('glassware', 0.04, 1400, 0.7, 0.35, 0.95, 0),
  category('grocery', 0.06, 900, 0.7, 0.7, 0.35, 0.3),
  category('hand-tools', 0.04, 1500, 0.9, 1.3, 0.15, 0, [0.1, 0.5]),
  category('home-furnishing', 0.06, 1500, 0.8, 0.12, 0.12, 0),
  category('kitchenware', 0.06, 1200, 0.9, 0.3, 0.6, 0),
  category('lighting', 0.03, 700, 0.7, 0.2, 0.85, 0),
  category('mobile-accessories', 0.08, 120, 0.7, 0.25, 0.4, 0, [0.08, 0.4]),
  category('personal-care', 0.05, 400, 0.6, 0.7, 0.35, 0.55),
  category('pet-supplies', 0.02, 1500, 0.9, 0.5, 0.1, 0.1),
  category('sports', 0.04, 1500, 0.9, 0.25, 0.25, 0),
  category('stationery', 0.04, 300, 0.7, 0.6, 0.08, 0.03, [0.04, 0.3]),
  category('toys', 0.06, 600, 0.8, 0.15, 0.45, 0),
  category('watches-jewellery', 0.03, 150, 0.5, 0.35, 0.5, 0),
];

/** Everything that the simulator assumes, as plain data: written to `truth/constants.json`, printed by `haat simulate`. */
export const packagingConstants = {
  severity,
  protectionSteps,
  fragility,
  price,
  demand,
  history,
  otherCategories,
  randomlyPackedShipments,
  categories,
} as const;
