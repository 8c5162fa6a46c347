import type { ProductFacts } from '../contract/index.ts';

/** The facts at `index`, in that order. */
export function factsAt(facts: ProductFacts, index: ArrayLike<number>): ProductFacts {
  const pick = <T>(column: readonly T[]) => Array.from(index, (i) => column[i]!);
  const numbers = (column: Float64Array) => Float64Array.from(index, (i) => column[i]!);
  const flags = (column: Uint8Array) => Uint8Array.from(index, (i) => column[i]!);
  return {
    rows: index.length,
    id: pick(facts.id),
    category: pick(facts.category),
    weightG: numbers(facts.weightG),
    lengthCm: numbers(facts.lengthCm),
    widthCm: numbers(facts.widthCm),
    heightCm: numbers(facts.heightCm),
    priceInr: numbers(facts.priceInr),
    fragile: flags(facts.fragile),
    liquid: flags(facts.liquid),
    currentPackage: pick(facts.currentPackage),
    demand: numbers(facts.demand),
  };
}
