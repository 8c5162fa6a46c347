import { isStale } from '@haat/features';
import { isDomainError, type DomainError, type Horizon, type ModelRef } from '@haat/kit';
import { recordShare, type Recording } from '@haat/model-runtime';
import {
  packagingError,
  parseProductTraits,
  productView,
  type PackageCatalogue,
  type PackageType,
  type ProductFacts,
  type ProductTraits,
  type TimedProductFacts,
} from '../contract/index.ts';
import {
  explainDamage,
  traitFacts,
  type DamageExplanation,
  type ExplainedStep,
  type ExplainedTerm,
} from '../model/index.ts';
import { unanswerableProduct } from './damage.scoring.ts';
import { choosePackages, type Circumstances, type ScoredChoice } from './package.choice.ts';
import { recordedInput, recordedOutput } from './prediction.record.ts';
import type { NextBest, Recommendation } from './recommendation.ts';
import type { ModelProvider, ServedModel } from './served.model.ts';

/** Facts about products by id, and what the promoted plan says of them, within a horizon. */
export interface ProductReader {
  catalogue(at: Horizon): Promise<PackageCatalogue>;
  /** Those of `ids` that are known, in any order. */
  productsById(ids: readonly string[], at: Horizon): Promise<TimedProductFacts>;
  /** Product id -> package code of the plan in force, for those of `ids` that it holds. */
  promotedPlan(ids: readonly string[], at: Horizon): Promise<ReadonlyMap<string, string>>;
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
  readonly at: Horizon;
  /** From when the facts about the product hold; null for a raw row. */
  readonly knownSince: Date | null;
  /** Whether that is longer ago than the view of products allows; such facts are used, and it is said. */
  readonly stale: boolean;
}

/** The river of serving: facts -> columns -> model -> record. A batch is one run of the graph, one of one too. */
export class DamageService {
  /** Without `recording` nothing is recorded and answers carry no prediction id; `onStale` hears of answers from stale facts. */
  constructor(
    private readonly model: ModelProvider,
    private readonly recording?: Recording,
    private readonly onStale?: (answered: { readonly view: string; readonly rows: number }) => void,
  ) {}

  /**
   * Answers for products of the store, one for each id, in order; one that is not known within the horizon is
   * UNKNOWN_PRODUCT in its place, one for whose facts the model has no finite answer UNANSWERABLE_PRODUCT. The number of reads does not depend on the number of ids.
   * @throws MODEL_NOT_READY
   */
  async byId(
    products: ProductReader,
    ids: readonly string[],
    at: Horizon,
  ): Promise<readonly (PackagingAnswer | DomainError)[]> {
    const served = await this.model.acquire();
    const [facts, catalogue, planned] = await Promise.all([
      products.productsById(ids, at),
      products.catalogue(at),
      products.promotedPlan(ids, at),
    ]);
    const answers = await this.#answer(served, facts, at, (id) => ({ catalogue, planned: planned.get(id) ?? null }));
    const byId = new Map(facts.id.map((id, row) => [id, timed(answers[row]!, facts.knownSince[row]!)]));
    const stale = [...byId.values()].filter((answer) => !isDomainError(answer) && answer.stale).length;
    if (stale > 0) this.onStale?.({ view: productView.name, rows: stale });
    return ids.map((id) => byId.get(id) ?? unknownProduct(id, at.asOf));
  }

  /**
   * Answers for raw rows (`productTraitsSchema`), in order; a bad row is INVALID_PRODUCT in its place, one for which the model
   * has no finite answer UNANSWERABLE_PRODUCT, and the others are answered.
   * @throws MODEL_NOT_READY
   */
  async byTraits(rows: readonly unknown[], at: Horizon): Promise<readonly (PackagingAnswer | DomainError)[]> {
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
    const answers = (await this.#answer(served, traitFacts(good), at, () => alone)).values();
    return parsed.map((row) => (isDomainError(row) ? row : answers.next().value!));
  }

  async #answer(
    served: ServedModel,
    facts: ProductFacts,
    at: Horizon,
    circumstances: (id: string) => Circumstances,
  ): Promise<readonly (PackagingAnswer | DomainError)[]> {
    if (facts.rows === 0) return [];
    const choices = await choosePackages(served, facts, facts.id.map(circumstances));
    const predictionIds =
      this.recording &&
      (await recordShare(this.recording, served.ref, at, {
        rows: facts.rows,
        isAnswered: (row) => isAnswered(choices[row]!),
        predictionOf: (row) => ({ input: recordedInput(facts, row), output: recordedOutput(choices[row]!) }),
      }));
    const explanations = explainDamage(served.open.metadata.context, facts);
    return choices.map((choice, row) => {
      if (!isAnswered(choice)) return unanswerableProduct(facts.id[row] || null);
      const { catalogue, probability, recommended, nextBest } = choice;
      return {
        damageProbabilities: catalogue.types.map((packageType, j) => ({ packageType, probability: probability[j]! })),
        recommended,
        explanation: explanationOf(explanations[row]!, nextBest),
        predictionId: predictionIds?.[row] ?? null,
        ref: served.ref,
        at,
        knownSince: null,
        stale: false,
      };
    });
  }
}

const isAnswered = ({ probability }: ScoredChoice): boolean => !probability.some(Number.isNaN);

/** A raw row is priced by the model's own catalogue and is in no plan. */
const alone: Circumstances = { catalogue: null, planned: null };

/** The answer with the age of the facts that it was made from. */
function timed(answer: PackagingAnswer | DomainError, knownSince: number): PackagingAnswer | DomainError {
  if (isDomainError(answer)) return answer;
  const stale = isStale(productView, knownSince, answer.at.asOf);
  return { ...answer, knownSince: new Date(knownSince), stale };
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
