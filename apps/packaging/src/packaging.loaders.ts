import { DamageService } from '@haat/packaging/serving';
import { isDomainError, type DomainError } from '@haat/kit';
import { packagingError } from '@haat/packaging/contract';
import { loaderPerRequest, perRequest } from '@haat/platform';
import { Injectable } from '@nestjs/common';
import { packagingOf, type Packaging } from './packaging.types.ts';
import { productsOf, type Product } from './product.types.ts';
import { PackagingStore, RecommendationStore } from '@haat/packaging/store';
import { storedRecommendationOf, type StoredRecommendation } from './recommendation.types.ts';

/** One product at one moment. */
export interface ProductKey {
  readonly id: string;
  readonly asOf: Date;
}

/** What lists of products fan out to: a constant number of statements and one run of the model, however long the list. */
@Injectable()
export class PackagingLoaders {
  constructor(
    private readonly service: DamageService,
    private readonly store: PackagingStore,
    private readonly recommendations: RecommendationStore,
  ) {}

  /** The moment of a request that names none. */
  readonly now = perRequest(() => new Date());

  readonly #products = loaderPerRequest<string, Product>((keys) =>
    readByMoment(keys, async (ids, asOf) => {
      const products = productsOf(await this.store.productsById(ids, asOf), asOf);
      const byId = new Map(products.map((product) => [product.id, product]));
      return ids.map((id) => byId.get(id) ?? unknownProduct({ id, asOf }));
    }),
  );

  readonly #packaging = loaderPerRequest<string, Packaging>((keys) =>
    readByMoment(keys, async (ids, asOf) => {
      const answers = await this.service.byId(this.store, ids, asOf);
      return answers.map((answer, k) => (isDomainError(answer) ? answer : packagingOf(ids[k]!, answer)));
    }),
  );

  /** What the last backfill decided for a product; null where none has. */
  readonly recommendation = loaderPerRequest<string, StoredRecommendation | null>(async (ids) =>
    (await this.recommendations.byProduct(ids)).map((found) => found && storedRecommendationOf(found)),
  );

  /** Errors: UNKNOWN_PRODUCT. */
  product(context: object, key: ProductKey): Promise<Product> {
    return this.#products(context).load(keyText(key));
  }

  /** Errors: UNKNOWN_PRODUCT, MODEL_NOT_READY. */
  packaging(context: object, key: ProductKey): Promise<Packaging> {
    return this.#packaging(context).load(keyText(key));
  }
}

function keyText({ id, asOf }: ProductKey): string {
  return `${asOf.toISOString()} ${id}`;
}

/** One read for each moment among the keys: one, unless a query names several. */
async function readByMoment<V>(
  keys: readonly string[],
  read: (ids: readonly string[], asOf: Date) => Promise<readonly (V | Error)[]>,
): Promise<(V | Error)[]> {
  const parsed = keys.map((key) => ({ moment: key.slice(0, key.indexOf(' ')), id: key.slice(key.indexOf(' ') + 1) }));
  const found = new Map<string, V | Error>();
  for (const moment of new Set(parsed.map((one) => one.moment))) {
    const ids = parsed.filter((one) => one.moment === moment).map(({ id }) => id);
    const values = await read(ids, new Date(moment));
    ids.forEach((id, k) => found.set(`${moment} ${id}`, values[k]!));
  }
  return keys.map((key) => found.get(key)!);
}

export function unknownProduct({ id, asOf }: ProductKey): DomainError {
  return packagingError('UNKNOWN_PRODUCT', `Product "${id}" is not known as of ${asOf.toISOString()}`, {
    field: 'id',
    id,
  });
}
