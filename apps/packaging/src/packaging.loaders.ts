import { DamageService } from '@haat/packaging/serving';
import { isDomainError, type DomainError, type Horizon } from '@haat/kit';
import { packagingError } from '@haat/packaging/contract';
import { loaderPerRequest, perRequest } from '@haat/platform';
import { Injectable } from '@nestjs/common';
import { packagingOf, type Packaging } from './packaging.types.ts';
import { productsOf, type Product } from './product.types.ts';
import { PackagingStore, RecommendationStore } from '@haat/packaging/store';
import { storedRecommendationOf, type StoredRecommendation } from './recommendation.types.ts';

/** What lists of products fan out to: a constant number of statements and one run of the model, however long the list. */
@Injectable()
export class PackagingLoaders {
  constructor(
    private readonly service: DamageService,
    private readonly store: PackagingStore,
    private readonly recommendations: RecommendationStore,
  ) {}

  /** What is known when a request arrives: its answers are all of one state of the data, read once. */
  readonly #known = perRequest(() => this.store.horizon(new Date()));

  readonly #products = loaderPerRequest<string, Product>((keys) =>
    readByHorizon(keys, async (ids, at) => {
      const products = productsOf(await this.store.productsById(ids, at), at.asOf);
      const byId = new Map(products.map((product) => [product.id, product]));
      return ids.map((id) => byId.get(id) ?? unknownProduct({ id, asOf: at.asOf }));
    }),
  );

  readonly #packaging = loaderPerRequest<string, Packaging>((keys) =>
    readByHorizon(keys, async (ids, at) => {
      const answers = await this.service.byId(this.store, ids, at);
      return answers.map((answer, k) => (isDomainError(answer) ? answer : packagingOf(ids[k]!, answer)));
    }),
  );

  /** The horizon of what a request asks about `asOf`, or about now where it names no moment. */
  async horizon(context: object, asOf?: Date | null): Promise<Horizon> {
    const known = await this.#known(context);
    return { ...known, ...(asOf && { asOf }) };
  }

  /** What the last backfill decided for a product; null where none has. */
  readonly recommendation = loaderPerRequest<string, StoredRecommendation | null>(async (ids) =>
    (await this.recommendations.byProduct(ids)).map((found) => found && storedRecommendationOf(found)),
  );

  /** Errors: UNKNOWN_PRODUCT. */
  async product(context: object, id: string, asOf?: Date | null): Promise<Product> {
    return this.#products(context).load(keyText(id, await this.horizon(context, asOf)));
  }

  /** Errors: UNKNOWN_PRODUCT, MODEL_NOT_READY. */
  async packaging(context: object, id: string, asOf: Date): Promise<Packaging> {
    return this.#packaging(context).load(keyText(id, await this.horizon(context, asOf)));
  }
}

function keyText(id: string, { asOf, revision }: Horizon): string {
  return `${asOf.toISOString()} ${revision} ${id}`;
}

/** One read for each horizon among the keys: one, unless a query names several moments. */
async function readByHorizon<V>(
  keys: readonly string[],
  read: (ids: readonly string[], at: Horizon) => Promise<readonly (V | Error)[]>,
): Promise<(V | Error)[]> {
  const parsed = keys.map((key) => {
    const [, at, asOf, revision, id] = /^((\S+) (\d+)) (.*)$/s.exec(key)!;
    return { at: at!, horizon: { asOf: new Date(asOf!), revision: Number(revision) }, id: id! };
  });
  const found = new Map<string, V | Error>();
  for (const [at, ofOne] of Map.groupBy(parsed, (one) => one.at)) {
    const ids = ofOne.map(({ id }) => id);
    const values = await read(ids, ofOne[0]!.horizon);
    ids.forEach((id, k) => found.set(`${at} ${id}`, values[k]!));
  }
  return keys.map((key) => found.get(key)!);
}

export function unknownProduct({ id, asOf }: { readonly id: string; readonly asOf: Date }): DomainError {
  return packagingError('UNKNOWN_PRODUCT', `Product "${id}" is not known as of ${asOf.toISOString()}`, {
    field: 'id',
    id,
  });
}
