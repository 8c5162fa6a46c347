import type { ProductFacts } from '../contract/index.ts';
import { traitsAt } from '../model/index.ts';
import type { ScoredChoice } from './package.choice.ts';

/** The raw input of one row as it is recorded, with the product's id where it has one. */
export function recordedInput(facts: ProductFacts, row: number): object {
  const id = facts.id[row]!;
  return { ...(id !== '' && { product_id: id }), ...traitsAt(facts, row) };
}

/** What was answered, as it is recorded: probabilities in the order of the catalogue, and the package with its basis. */
export function recordedOutput({ probability, recommended }: ScoredChoice): object {
  return {
    probability: [...probability],
    recommended: recommended?.packageType.code ?? null,
    basis: recommended?.basis ?? null,
  };
}
