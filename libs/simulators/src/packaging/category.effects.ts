import { categories, otherCategories, price, severity } from './packaging.constants.ts';
import { hashOf, streamOf } from './streams.ts';

/** What a category does to its products. */
export interface CategoryEffects {
  readonly fragility: number;
  readonly liquid: number;
  /** Added to ln INR. */
  readonly price: number;
  /** Added to the log-odds of damage. */
  readonly severity: number;
}

const known = new Map(categories.map((traits) => [traits.name, traits]));

/** The effects of each category, drawn once from its name, so that they do not depend on which products there are. */
export function categoryEffects(seed: number): (category: string) => CategoryEffects {
  const drawn = new Map<string, CategoryEffects>();
  return (category) => {
    const before = drawn.get(category);
    if (before) return before;
    const stream = streamOf(seed, 'category', hashOf(category));
    const traits = known.get(category);
    const { fragilityLow, fragilityHigh, fragilityPower, liquidShareLow, liquidShareHigh } = otherCategories;
    const fragility = fragilityLow + (fragilityHigh - fragilityLow) * stream.uniform() ** fragilityPower;
    const liquidCategory = stream.chance(otherCategories.liquidCategoryShare);
    const liquidShare = liquidShareLow + (liquidShareHigh - liquidShareLow) * stream.uniform();
    const effects = {
      fragility: traits?.fragility ?? fragility,
      liquid: traits?.liquid ?? (liquidCategory ? liquidShare : otherCategories.strayLiquidShare),
      price: price.categorySd * stream.normal(),
      severity: severity.categorySd * stream.normal(),
    };
    drawn.set(category, effects);
    return effects;
  };
}
