import { simulatePackaging, type PackagingWorld } from '@haat/simulators';
import { areaUnderRoc, calibrationRatio, logLoss } from '@haat/training';
import { damageColumns } from '../features/index.ts';
import { damageLogits, damageOptionsSchema, sigmoid, type DamageOptions } from '../model/index.ts';
import type { DamageData } from './damage.data.ts';
import { ordinalityViolations, packageMeans } from './damage.evaluation.ts';
import { fitDamage } from './damage.fit.ts';

/** What a model may see of a world: the counts, summed over days. */
function visible({ products, packageTypes, tariff, counts }: PackagingWorld): DamageData {
  const packages = packageTypes.length;
  const shipments = new Float64Array(products.rows * packages);
  const damages = new Float64Array(products.rows * packages);
  for (let r = 0; r < counts.rows; r++) {
    const at = counts.product[r]! * packages + counts.package[r]!;
    shipments[at]! += counts.shipments[r]!;
    damages[at]! += counts.damages[r]!;
  }
  const cells = [...shipments.keys()].filter((at) => shipments[at]! > 0);
  return {
    catalogue: { types: packageTypes, tariff },
    facts: {
      rows: products.rows,
      id: products.product_id,
      category: products.category,
      weightG: products.weight_g,
      lengthCm: products.length_cm,
      widthCm: products.width_cm,
      heightCm: products.height_cm,
      priceInr: products.price_inr,
      fragile: products.fragile,
      liquid: products.liquid,
      currentPackage: products.current_package,
      demand: products.demand,
    },
    counts: {
      rows: cells.length,
      product: Int32Array.from(cells, (at) => Math.floor(at / packages)),
      package: Int32Array.from(cells, (at) => at % packages),
      shipments: Float64Array.from(cells, (at) => shipments[at]!),
      damages: Float64Array.from(cells, (at) => damages[at]!),
    },
  };
}

/** Measures probabilities [n, K] on shipments in packages that chance chose: no packer's bias. */
function onRandomPackages({ truth, packageTypes }: PackagingWorld, probability: Float64Array) {
  const { product, package: position, damages, shipments } = truth.randomlyPacked;
  const scores = {
    probability: Float64Array.from(product, (row, r) => probability[row * packageTypes.length + position[r]!]!),
    successes: damages,
    trials: shipments,
  };
  return {
    logLoss: logLoss(scores),
    auc: areaUnderRoc(scores),
    calibration: calibrationRatio(scores),
    violations: ordinalityViolations(probability, packageTypes.length),
  };
}

describe.each([1, 2, 3])(
  'trained on the biased history of world %i, measured where chance chose the package',
  (seed) => {
    const world = simulatePackaging({ seed, products: 4000, days: 5 });
    const data = visible(world);
    const measured = (options: Partial<DamageOptions>, ordered = true) => {
      const { parameters } = fitDamage(data, damageOptionsSchema.parse(options), { ordered });
      return onRandomPackages(world, sigmoid(damageLogits(parameters, damageColumns(data.facts))));
    };
    const ours = measured({});
    const free = measured({ stepPrior: 0 }, false);
    const augmented = measured({ augmentWeight: 1 });
    const rates = packageMeans(data);
    const means = onRandomPackages(
      world,
      Float64Array.from({ length: data.facts.rows * rates.length }, (_, at) => rates[at % rates.length]!),
    );
    const truth = onRandomPackages(world, world.truth.probability);

    it('is never out of order, where the same regression without constraints is', () => {
      expect(ours.violations).toBe(0);
      expect(free.violations).toBeGreaterThan(0.001);
    });

    it('predicts better than that regression, which predicts better than the package alone', () => {
      expect(ours.logLoss).toBeLessThan(free.logLoss);
      expect(ours.auc).toBeGreaterThan(free.auc);
      expect(free.logLoss).toBeLessThan(means.logLoss);
    });

    it('predicts better than with the published augmentation, which inflates', () => {
      expect(ours.logLoss).toBeLessThan(augmented.logLoss);
      expect(augmented.calibration).toBeGreaterThan(ours.calibration);
    });

    it('closes most of the way from the package alone to the truth, and is never better than the truth', () => {
      expect((means.logLoss - ours.logLoss) / (means.logLoss - truth.logLoss)).toBeGreaterThan(0.5);
      expect(ours.logLoss).toBeGreaterThan(truth.logLoss);
    });
  },
);
