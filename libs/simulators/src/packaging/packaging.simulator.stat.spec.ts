import { packageTypes, severity } from './packaging.constants.ts';
import { simulatePackaging } from './packaging.simulator.ts';
import type { PackagingWorld } from './packaging.world.ts';

const K = packageTypes.length;

/** Shipments and damages [K] of the history, and the expected damages had every shipment of every product gone in package k. */
function byPackage(world: PackagingWorld) {
  const shipments = new Float64Array(K);
  const damages = new Float64Array(K);
  const everywhere = new Float64Array(K);
  const expected = new Float64Array(K);
  const types = new Uint16Array(world.products.rows);
  for (let row = 0; row < world.counts.rows; row++) {
    const product = world.counts.product[row]!;
    const own = world.counts.package[row]!;
    const n = world.counts.shipments[row]!;
    shipments[own]! += n;
    damages[own]! += world.counts.damages[row]!;
    expected[own]! += n * world.truth.probability[product * K + own]!;
    types[product]! |= 1 << own;
    for (let k = 0; k < K; k++) everywhere[k]! += n * world.truth.probability[product * K + k]!;
  }
  const total = shipments.reduce((sum, n) => sum + n, 0);
  const several = types.reduce((count, mask) => count + Number((mask & (mask - 1)) !== 0), 0) / types.length;
  return { shipments, damages, expected, total, several, everywhere: everywhere.map((sum) => sum / total) };
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

describe('simulatePackaging: the default world', () => {
  const world = simulatePackaging({ seed: 1 });
  const shares = byPackage(world);

  it('has the published sizes and shares', () => {
    expect(world.products.rows).toBe(30_000);
    expect(Math.abs(shares.total - 650_000)).toBeLessThan(20_000);
    const rate = sum(shares.damages) / shares.total;
    expect(rate).toBeGreaterThan(0.018);
    expect(rate).toBeLessThan(0.03);
    expect(Math.abs(shares.several - 0.178)).toBeLessThan(0.012);
  });

  it('damages as often as the true probabilities say', () => {
    for (let k = 0; k < K; k++) {
      const deviation = Math.abs(shares.damages[k]! - shares.expected[k]!);
      expect(deviation).toBeLessThan(5 * Math.sqrt(shares.expected[k]!) + 1);
    }
  });

  it('is biased: the weakest package looks safer, the best one worse, than it is', () => {
    const logged = (k: number) => shares.damages[k]! / shares.shipments[k]!;
    expect(logged(0)).toBeLessThan(0.6 * shares.everywhere[0]!);
    expect(logged(K - 1)).toBeGreaterThan(1.5 * shares.everywhere[K - 1]!);
  });

  it('is biased by what no column shows: among products alike in all that is shown, the fragile are packed better', () => {
    const { products, truth } = world;
    const fragility = [0, 0];
    const seen = [0, 0];
    products.category.forEach((category, row) => {
      if (category !== 'electronics' || products.fragile[row] === 0) return;
      const better = packageTypes.findIndex(({ code }) => code === products.current_package[row]) >= 4 ? 1 : 0;
      fragility[better]! += truth.fragility[row]!;
      seen[better]! += 1;
    });
    expect(Math.min(...seen)).toBeGreaterThan(100);
    expect(fragility[1]! / seen[1]!).toBeGreaterThan(fragility[0]! / seen[0]! + 0.015);
  });

  it('has a true order: no package is less safe than the one before, for any product', () => {
    let violations = 0;
    const { probability } = world.truth;
    for (let at = 0; at < probability.length; at++) {
      if (at % K > 0 && probability[at]! > probability[at - 1]!) violations++;
    }
    expect(violations).toBe(0);
    expect(probability.every((p) => p > 0 && p < 1)).toBe(true);
  });

  it('spreads product effects as declared', () => {
    const effects = world.truth.effect;
    const mean = sum(effects) / effects.length;
    const sd = Math.sqrt(effects.reduce((total, u) => total + (u - mean) ** 2, 0) / effects.length);
    expect(Math.abs(sd / severity.productSd - 1)).toBeLessThan(0.03);
  });

  it('packs the test set at random: each package that takes a product is as likely', () => {
    const { randomlyPacked } = world.truth;
    const free = new Set<number>();
    const { products } = world;
    for (let row = 0; row < products.rows; row++) {
      const thickness = Math.min(products.length_cm[row]!, products.width_cm[row]!, products.height_cm[row]!);
      if (thickness <= 6 && products.weight_g[row]! <= 3000) free.add(row);
    }
    const seen = new Float64Array(K);
    for (let row = 0; row < randomlyPacked.rows; row++) {
      if (free.has(randomlyPacked.product[row]!)) seen[randomlyPacked.package[row]!]! += randomlyPacked.shipments[row]!;
    }
    const expected = sum(seen) / K;
    const chiSquare = seen.reduce((total, n) => total + (n - expected) ** 2 / expected, 0);
    expect(expected).toBeGreaterThan(1000);
    expect(chiSquare).toBeLessThan(40);
  });
});
