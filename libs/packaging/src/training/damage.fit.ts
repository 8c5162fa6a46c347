import { plattCalibration } from '@haat/training';
import { damageColumns } from '../features/index.ts';
import { damageLogits, type DamageOptions, type DamageParameters } from '../model/index.ts';
import type { DamageData } from './damage.data.ts';
import { categoryVocabulary, orderedDesign } from './ordered.design.ts';
import { calibrated, fitOrdered, parametersOfFit, type OrderedFit, type OrderedFitOptions } from './ordered.fit.ts';

/** From a training part to calibrated parameters. The calibration sees real counts only, never augmented ones. */
export function fitDamage(
  training: DamageData,
  options: DamageOptions,
  { ordered = true, onIteration }: Pick<OrderedFitOptions, 'ordered' | 'onIteration'> = {},
): { parameters: DamageParameters; fit: OrderedFit } {
  const vocabulary = categoryVocabulary(training, options.minCategoryProducts);
  const design = orderedDesign(training, vocabulary, options.augmentWeight);
  const fit = fitOrdered(design, { ridge: options.ridge, stepPrior: options.stepPrior, ordered, onIteration });
  const parameters = parametersOfFit(fit.theta, design, vocabulary);
  return { parameters: calibrateOn(training, parameters), fit };
}

/** Parameters unchanged where the counts do not determine a calibration. */
function calibrateOn({ facts, counts, catalogue }: DamageData, parameters: DamageParameters): DamageParameters {
  const logits = damageLogits(parameters, damageColumns(facts));
  const packages = catalogue.types.length;
  const served = Float64Array.from(counts.product, (product, r) => logits[product * packages + counts.package[r]!]!);
  const calibration = plattCalibration(served, counts.damages, counts.shipments);
  return calibration === null ? parameters : calibrated(parameters, calibration);
}
