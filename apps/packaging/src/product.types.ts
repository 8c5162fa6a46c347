import type { ProductFacts } from '@haat/packaging/contract';
import { Access, connectionOf } from '@haat/platform';
import { Directive, Field, Float, ID, InputType, ObjectType } from '@nestjs/graphql';

@ObjectType({ description: 'A product, as packaging knows it.' })
@Directive('@key(fields: "id")')
@Access('reader', 'packaging')
export class Product {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { nullable: true, description: "'unknown' where the catalogue has none." })
  category!: string | null;

  @Field(() => Float, { nullable: true, description: 'Weight of one unit, g.' })
  weightG!: number | null;

  @Field(() => Float, { nullable: true })
  lengthCm!: number | null;

  @Field(() => Float, { nullable: true })
  widthCm!: number | null;

  @Field(() => Float, { nullable: true })
  heightCm!: number | null;

  @Field(() => Float, { nullable: true, description: 'Selling price of one unit.' })
  priceInr!: number | null;

  @Field(() => Boolean, { nullable: true })
  fragile!: boolean | null;

  @Field(() => Boolean, { nullable: true })
  liquid!: boolean | null;

  @Field(() => String, { nullable: true, description: 'Code of the package type that is used today.' })
  currentPackage!: string | null;

  @Field(() => Float, { nullable: true, description: 'Units shipped a month.' })
  demand!: number | null;

  /** The moment whose facts are asked for. */
  asOf!: Date;
}

@InputType({ description: 'Which products to list; every field that is given must hold.' })
export class ProductFilter {
  @Field(() => String, { nullable: true })
  category?: string | null;

  @Field(() => Boolean, { nullable: true })
  fragile?: boolean | null;

  @Field(() => Boolean, { nullable: true })
  liquid?: boolean | null;

  @Field(() => String, { nullable: true, description: 'Code of the package type that is used today.' })
  currentPackage?: string | null;
}

export const ProductConnection = connectionOf(Product, 'Product');

/** Columns to rows, in order. */
export function productsOf(facts: ProductFacts, asOf: Date): Product[] {
  return facts.id.map((id, row) => ({
    id,
    category: facts.category[row]!,
    weightG: facts.weightG[row]!,
    lengthCm: facts.lengthCm[row]!,
    widthCm: facts.widthCm[row]!,
    heightCm: facts.heightCm[row]!,
    priceInr: facts.priceInr[row]!,
    fragile: facts.fragile[row] === 1,
    liquid: facts.liquid[row] === 1,
    currentPackage: facts.currentPackage[row]!,
    demand: facts.demand[row]!,
    asOf,
  }));
}
