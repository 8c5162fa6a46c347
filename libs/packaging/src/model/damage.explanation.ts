import type { PackageCatalogue, ProductFacts } from '../contract/index.ts';
import { damageColumns } from '../features/index.ts';
import { denseTerms, type DamageParameters } from './damage.parameters.ts';
import { designTerms, protectionStep } from './design.terms.ts';

/** What one term adds to the log-odds of damage, against a product that is average in it. */
export interface ExplainedTerm {
  readonly term: string;
  /** The product's value, or its category. */
  readonly value: number | string;
  readonly logit: number;
}

/** What one step of protection takes off the log-odds of damage; never negative. */
export interface ExplainedStep {
  readonly from: string;
  readonly to: string;
  readonly logit: number;
}

/**
 * Why a product has its probabilities. For package j: logit = intercept + sum of terms - sum of the first j steps, and the
 * served probability is 1 / (1 + exp(-logit)).
 */
export interface DamageExplanation {
  readonly intercept: number;
  readonly terms: readonly ExplainedTerm[];
  /** In catalogue order, [K - 1]. */
  readonly steps: readonly ExplainedStep[];
  /** In catalogue order, [K]. */
  readonly logits: readonly number[];
}

/** Explains the rows of `facts`; terms come in the order of their weight in the answer, the largest first. */
export function explainDamage(
  { parameters, catalogue }: { parameters: DamageParameters; catalogue: PackageCatalogue },
  facts: ProductFacts,
): readonly DamageExplanation[] {
  const design = designTerms(damageColumns(facts), parameters.vocabulary);
  return facts.id.map((_, row) => {
    const at = row * denseTerms.length;
    const terms: ExplainedTerm[] = parameters.terms.map(({ term, mean, weight }, k) => ({
      term,
      value: design.dense[at + k]!,
      logit: weight * (design.dense[at + k]! - mean),
    }));
    terms.push({
      term: 'category',
      value: facts.category[row]!,
      logit: parameters.effect[design.category[row]!]!,
    });
    terms.sort((a, b) => Math.abs(b.logit) - Math.abs(a.logit));
    const steps = parameters.steps.map((gamma, t) => ({
      from: catalogue.types[t]!.code,
      to: catalogue.types[t + 1]!.code,
      logit: protectionStep(gamma, design.dense, at),
    }));
    const logits = [terms.reduce((sum, term) => sum + term.logit, parameters.intercept)];
    for (const step of steps) logits.push(logits.at(-1)! - step.logit);
    return { intercept: parameters.intercept, terms, steps, logits };
  });
}
