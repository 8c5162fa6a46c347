import type { Batch } from '@haat/kit';
import type { DamageFeature } from '../features/index.ts';
import { denseTerms, type DamageParameters } from './damage.parameters.ts';
import { designTerms, protectionStep, type DesignTerms } from './design.terms.ts';

/** The fitted function without a graph: log-odds of damage, row-major [n, K]. */
export function damageLogits(parameters: DamageParameters, batch: Batch<DamageFeature>): Float64Array {
  return logitsOfTerms(parameters, designTerms(batch, parameters.vocabulary));
}

export function logitsOfTerms(parameters: DamageParameters, terms: DesignTerms): Float64Array {
  const { steps } = parameters;
  const packages = steps.length + 1;
  const logits = new Float64Array(terms.rows * packages);
  for (let i = 0; i < terms.rows; i++) {
    const base = baseLogit(parameters, terms, i);
    let protection = 0;
    logits[i * packages] = base;
    for (let t = 0; t < steps.length; t++) {
      protection += protectionStep(steps[t]!, terms.dense, i * denseTerms.length);
      logits[i * packages + t + 1] = base - protection;
    }
  }
  return logits;
}

/** Probabilities of logits, in place of them. */
export function sigmoid(logits: Float64Array): Float64Array {
  return logits.map((logit) => 1 / (1 + Math.exp(-logit)));
}

function baseLogit(parameters: DamageParameters, terms: DesignTerms, row: number): number {
  let base = parameters.intercept + parameters.effect[terms.category[row]!]!;
  for (let k = 0; k < denseTerms.length; k++) {
    const { mean, weight } = parameters.terms[k]!;
    base += weight * (terms.dense[row * denseTerms.length + k]! - mean);
  }
  return base;
}
