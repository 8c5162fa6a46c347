import { CountsBuilder } from './counts.builder.ts';
import { categoryEffects } from './category.effects.ts';
import { history, packageTypes, randomlyPackedShipments, severity, tariff } from './packaging.constants.ts';
import type { PackagingWorld, PackagingWorldOptions } from './packaging.world.ts';
import { protectionOf, shapeOf, type ProductShape } from './product.shape.ts';
import type { RandomStream } from '../random/random.stream.ts';
import { streamOf } from './streams.ts';
import { checkedOptions } from './world.options.ts';
import { choosePacking, packagesThatTake } from './world.history.ts';
import { drawProducts, type DrawnProduct } from './world.products.ts';

const K = packageTypes.length;

/** Log-odds of damage in the weakest package, without the category's and the product's own effects. */
function baseSeverity(product: DrawnProduct, shape: ProductShape): number {
  const lnKg = Math.log(shape.kg);
  const f = product.hiddenFragility;
  return (
    severity.intercept +
    severity.fragility * f +
    severity.liquid * Number(product.liquid) +
    severity.heavy * Math.max(lnKg, 0) ** severity.heavyPower +
    severity.long * (Math.log(shape.longest) - severity.longCentre) +
    severity.fragileHeavy * f * Math.max(lnKg, -1) +
    (shape.density > 1 ? severity.fragileDense * f : 0)
  );
}

/** True probabilities [n, K] of one product into its row. */
function fillProbabilities(
  probability: Float64Array,
  row: number,
  eta: number,
  product: DrawnProduct,
  shape: ProductShape,
) {
  let logit = eta;
  for (let k = 0; k < K; k++) {
    if (k > 0) logit -= protectionOf(k - 1, shape, product.hiddenFragility, Number(product.liquid));
    probability[row * K + k] = 1 / (1 + Math.exp(-logit));
  }
}

/** Spreads shipments evenly over the days of `perDay`, which is overwritten. */
function spread(perDay: Uint32Array, shipments: number, stream: RandomStream): void {
  perDay.fill(0);
  for (let s = 0; s < shipments; s++) perDay[stream.below(perDay.length)]! += 1;
}

/**
 * Makes a seeded world: products, ordered package types, a biased shipment history by day, and the hidden truth (research 3; every
 * constant is in `packagingConstants`). About 650,000 shipments of 30,000 products; product i does not depend on how many follow.
 *
 * @throws INVALID_WORLD for an option or a known attribute out of its range
 */
export function simulatePackaging(options: PackagingWorldOptions): PackagingWorld {
  const { seed, products, days, firstDay } = checkedOptions(options);
  const rows = typeof products === 'number' ? products : products.length;
  const effectsOf = categoryEffects(seed);
  const drawn: DrawnProduct[] = [];
  const probability = new Float64Array(rows * K);
  const effect = new Float64Array(rows);
  const currentPackage: (string | null)[] = [];
  const counts = new CountsBuilder();
  const randomlyPacked = new CountsBuilder();
  const perDay = new Uint32Array(days);

  for (const product of drawProducts(seed, products, days)) {
    const row = drawn.push(product) - 1;
    const shape = shapeOf(product.weight_g, product.length_cm, product.width_cm, product.height_cm);
    const own = severity.productSd * streamOf(seed, 'truth', row).normal();
    effect[row] = own;
    fillProbabilities(
      probability,
      row,
      baseSeverity(product, shape) + effectsOf(product.category).severity + own,
      product,
      shape,
    );

    const positions = packagesThatTake(shape);
    if (positions.length === 0) {
      currentPackage.push(product.current_package);
      continue;
    }
    const stream = streamOf(seed, 'history', row);
    const known = packageTypes.findIndex(({ code }) => code === product.current_package);
    const packing = choosePacking(product, shape, positions, known, stream);
    currentPackage.push(packageTypes[packing.main]!.code);
    const inSecond = packing.second === packing.main ? 0 : stream.binomial(product.shipments, history.secondShare);
    for (const position of [packing.main, packing.second].toSorted((a, b) => a - b)) {
      const shipments = position === packing.main ? product.shipments - inSecond : inSecond;
      if (shipments === 0) continue;
      spread(perDay, shipments, stream);
      const p = probability[row * K + position]!;
      perDay.forEach((n, day) => n > 0 && counts.add(row, position, day, n, stream.binomial(n, p)));
      if (packing.second === packing.main) break;
    }

    const test = streamOf(seed, 'randomlyPacked', row);
    const byPackage = new Uint32Array(K);
    for (let s = 0; s < randomlyPackedShipments; s++) byPackage[positions[test.below(positions.length)]!]! += 1;
    byPackage.forEach((n, k) => n > 0 && randomlyPacked.add(row, k, 0, n, test.binomial(n, probability[row * K + k]!)));
  }

  const packed = randomlyPacked.build();
  return {
    seed,
    firstDay,
    days,
    products: {
      rows,
      product_id: drawn.map((product) => product.product_id),
      category: drawn.map((product) => product.category),
      weight_g: Float64Array.from(drawn, (product) => product.weight_g),
      length_cm: Float64Array.from(drawn, (product) => product.length_cm),
      width_cm: Float64Array.from(drawn, (product) => product.width_cm),
      height_cm: Float64Array.from(drawn, (product) => product.height_cm),
      price_inr: Float64Array.from(drawn, (product) => product.price_inr),
      fragile: Uint8Array.from(drawn, (product) => Number(product.fragile)),
      liquid: Uint8Array.from(drawn, (product) => Number(product.liquid)),
      current_package: currentPackage,
      demand: Float64Array.from(drawn, (product) => product.demand),
    },
    packageTypes,
    tariff,
    counts: counts.build(),
    truth: {
      probability,
      fragility: Float64Array.from(drawn, (product) => product.hiddenFragility),
      effect,
      randomlyPacked: {
        rows: packed.rows,
        product: packed.product,
        package: packed.package,
        shipments: packed.shipments,
        damages: packed.damages,
      },
    },
  };
}
