import { packagingError } from '@haat/packaging/contract';
import { Access, decodeCursor, encodeCursor, pageOf, wholeNumber, type Connection } from '@haat/platform';
import { Args, Context, ID, Int, Parent, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { z } from 'zod';
import { PackagingLoaders } from './packaging.loaders.ts';
import { Packaging, Recommendation } from './packaging.types.ts';
import { Product, ProductConnection, ProductFilter, productsOf } from './product.types.ts';
import { StoredRecommendation } from './recommendation.types.ts';
import { PackagingStore } from '@haat/packaging/store';

const productCursor = z.tuple([z.string().min(1).max(200)]);
const asOfArgument = {
  type: () => Date,
  nullable: true,
  description: 'Answer as things were known at this moment (event time); now where absent.',
} as const;

@Resolver(() => Product)
export class ProductResolver {
  constructor(
    private readonly loaders: PackagingLoaders,
    private readonly store: PackagingStore,
  ) {}

  @ResolveReference()
  reference({ id }: { id: string }, context: object): Promise<Product> {
    return this.loaders.product(context, id);
  }

  @Access('reader', 'packaging')
  @Query(() => Product, { nullable: true, description: 'One product. Errors: UNKNOWN_PRODUCT.' })
  product(
    @Args('id', { type: () => ID }) id: string,
    @Args('asOf', asOfArgument) asOf: Date | null | undefined,
    @Context() context: object,
  ): Promise<Product> {
    return this.loaders.product(context, id, asOf);
  }

  @Access('reader', 'packaging')
  @Query(() => ProductConnection, { description: 'By ascending id. `first` is 500 at the most.' })
  async products(
    @Context() context: object,
    @Args('first', { type: () => Int, defaultValue: 20 }) first: number,
    @Args('after', { type: () => String, nullable: true }) after?: string | null,
    @Args('filter', { type: () => ProductFilter, nullable: true }) filter?: ProductFilter | null,
    @Args('asOf', asOfArgument) asOf?: Date | null,
  ): Promise<Connection<Product>> {
    wholeNumber('first', first, 0, 500);
    const at = await this.loaders.horizon(context, asOf);
    const last = after ? decodeCursor(after, productCursor)[0] : null;
    const { facts } = await this.store.productPage(last, first + 1, given(filter ?? {}), at);
    return pageOf(productsOf(facts, at.asOf), first, after, ({ id }) => encodeCursor([id]));
  }

  @ResolveField(() => Packaging, {
    nullable: true,
    description: 'How the product should travel. Errors: MODEL_NOT_READY, UNKNOWN_PRODUCT.',
  })
  packaging(@Parent() { id, asOf }: Product, @Context() context: object): Promise<Packaging> {
    return this.loaders.packaging(context, id, asOf);
  }

  @ResolveField(() => StoredRecommendation, {
    nullable: true,
    description: 'What the last backfill decided; null where none has.',
  })
  recommendation(@Parent() { id }: Product, @Context() context: object): Promise<StoredRecommendation | null> {
    return this.loaders.recommendation(context).load(id);
  }
}

@Resolver(() => Packaging)
export class PackagingResolver {
  @ResolveField(() => Recommendation, {
    nullable: true,
    description: 'Errors: NO_FEASIBLE_PACKAGE where no package type takes the product.',
  })
  recommended(@Parent() { choice, productId }: Packaging): Recommendation {
    if (choice !== null) return choice;
    throw packagingError('NO_FEASIBLE_PACKAGE', `No package type takes product "${productId}" (weight or thickness)`, {
      id: productId,
    });
  }
}

/** The fields of a filter that are given. */
function given(filter: ProductFilter): { [K in keyof ProductFilter]?: NonNullable<ProductFilter[K]> } {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null && value !== undefined));
}
