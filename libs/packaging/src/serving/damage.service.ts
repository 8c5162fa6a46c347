import { isDomainError, type DomainError, type ModelRef } from '@haat/kit';
import {
  packagingError,
  parseProductTraits,
  type PackageCatalogue,
  type PackageType,
  type ProductFacts,
  type ProductTraits,
} from '../contract/index.ts';
import {
  explainDamage,
  traitFacts,
  type DamageExplanation,
  type ExplainedStep,
  type ExplainedTerm,
} from '../model/index.ts';
import { pricingCatalogue, scoreDamage, shipmentCosts } from './damage.scoring.ts';
import type { Recording } from './prediction.recorder.ts';
import { servedPrediction } from './recorded.prediction.ts';
import { choosePackage, type NextBest, type Recommendation } from './recommendation.ts';
import type { ModelProvider, ServedModel } from './served.model.ts';

/** Facts about products by id, and what the promoted plan says of them. */
export interface ProductReader {
  catalogue(asOf: Date): Promise<PackageCatalogue>;
  /** Those of `ids` that are known at `asOf`, in any order. */
  productsById(ids: readonly string[], asOf: Date): Promise<ProductFacts>;
  /** Product id -> package code of the promoted plan, for those of `ids` that it holds. */
  promotedPlan(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export interface PackageProbability {
  readonly packageType: PackageType;
  readonly probability: number;
}

/** Why: terms of the base severity, the steps of protection, and what would come next. */
export interface PackagingExplanation {
  readonly intercept: number;
  readonly terms: readonly ExplainedTerm[];
  readonly steps: readonly ExplainedStep[];
  readonly nextBest: NextBest | null;
}

/** All that is said of one product's packaging. */
export interface PackagingAnswer {
  /** Probability of damage of one shipment in each package type, in order of protection: never increasing. */
  readonly damageProbabilities: readonly PackageProbability[];
  /** Null where no package type takes the product. */
  readonly recommended: Recommendation | null;
  readonly explanation: PackagingExplanation;
  /** Null where the prediction was not recorded. */
  readonly predictionId: string | null;
  readonly ref: ModelRef;
  readonly asOf: Date;
}

/** The river of serving: facts -> columns -> model -> record. A batch is one run of the graph, one of one too. */
export class DamageService {
  /** Without `recording` nothing is recorded and answers carry no prediction id. */
  constructor(
    private readonly model: ModelProvider,
    private readonly recording?: Recording,
  ) {}

  /**
   * Answers for products of the store, one for each id, in order; one that is not known at `asOf` is UNKNOWN_PRODUCT in its
   * place. The number of reads does not depend on the number of ids.
   * @throws MODEL_NOT_READY
   */
  async byId(
    products: ProductReader,
    ids: readonly string[],
    asOf: Date,
  ): Promise<readonly (PackagingAnswer | DomainError)[]> {
    const served = await this.model.acquire();
    const [facts, inForce, planned] = await Promise.all([
      products.productsById(ids, asOf),
      products.catalogue(asOf),
      products.promotedPlan(ids),
    ]);
    const answers = await this.#answer(served, facts, asOf, { inForce, planned });
    const byId = new Map(facts.id.map((id, row) => [id, answers[row]!]));
    return ids.map((id) => byId.get(id) ?? unknownProduct(id, asOf));
  }

  /**
   * Answers for raw rows (`productTraitsSchema`), in order; a bad row is INVALID_PRODUCT in its place and the others are
   * answered.
   * @throws MODEL_NOT_READY
   */
  async byTraits(rows: readonly unknown[], asOf: Date): Promise<readonly (PackagingAnswer | DomainError)[]> {
    const served = await this.model.acquire();
    const parsed = rows.map((row) => {
      try {
        return parseProductTraits(row);
      } catch (error) {
        if (isDomainError(error)) return error;
        throw error;
      }
    });
    const good = parsed.filter((row): row is ProductTraits => !isDomainError(row));
    const answers = (await this.#answer(served, traitFacts(good), asOf, {})).values();
    return parsed.map((row) => (isDomainError(row) ? row : answers.next().value!));
  }

  async #answer(
    served: ServedModel,
    facts: ProductFacts,
    asOf: Date,
    { inForce, planned }: { inForce?: PackageCatalogue; planned?: ReadonlyMap<string, string> },
  ): Promise<readonly PackagingAnswer[]> {
    if (facts.rows === 0) return [];
    const { context } = served.open.metadata;
    const catalogue = inForce ? pricingCatalogue(context.catalogue, inForce) : context.catalogue;
    const packages = catalogue.types.length;
    const probability = await scoreDamage(served, facts);
    const predictionIds = await this.#record(served.ref, facts, probability, asOf);
    const costs = shipmentCosts(facts, catalogue, probability);
    const explanations = explainDamage(context, facts);
    return facts.id.map((id, row) => {
      const { recommended, nextBest } = choosePackage(costs, row, catalogue, planned?.get(id));
      return {
        damageProbabilities: catalogue.types.map((packageType, j) => ({
          packageType,
          probability: probability[row * packages + j]!,
        })),
        recommended,
        explanation: explanationOf(explanations[row]!, nextBest),
        predictionId: predictionIds[row]!,
        ref: served.ref,
        asOf,
      };
    });
  }

  async #record(
    ref: ModelRef,
    facts: ProductFacts,
    probability: Float64Array,
    asOf: Date,
  ): Promise<readonly (string | null)[]> {
    const { recording } = this;
    if (!recording) return facts.id.map(() => null);
    const sampled = [...facts.id.keys()].filter(() => recording.chance() < recording.share);
    if (sampled.length === 0) return facts.id.map(() => null);
    const predictions = sampled.map((row) => servedPrediction(facts, probability, row));
    const ids = await recording.recorder.record(ref, asOf, predictions);
    const idOf = new Map(sampled.map((row, k) => [row, ids[k]!]));
    return facts.id.map((_, row) => idOf.get(row) ?? null);
  }
}

function explanationOf(
  { intercept, terms, steps }: DamageExplanation,
  nextBest: NextBest | null,
): PackagingExplanation {
  return { intercept, terms, steps, nextBest };
}

function unknownProduct(id: string, asOf: Date): DomainError {
  return packagingError('UNKNOWN_PRODUCT', `Product "${id}" is not known as of ${asOf.toISOString()}`, {
    field: 'id',
    id,
  });
}
