import { Access, ModelVersion, modelVersionOf } from '@haat/platform';
import type { TestKind } from '@haat/risk/contract';
import { Field, Float, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { TransmissionVersions } from './transmission.versions.ts';

@ObjectType({ description: 'Where people meet, and how probable one unit of contact there transmits.' })
export class TransmissionChannel {
  @Field(() => String)
  name!: string;

  @Field(() => Float, { description: 'P(infection) by one unit of contact with somebody infectious.' })
  probability!: number;
}

@ObjectType({ description: 'How many days a state lasts.' })
export class StateDuration {
  @Field(() => Float, { description: 'Mean, days.' })
  mean!: number;

  @Field(() => Int, { description: 'Longest, days.' })
  longest!: number;

  @Field(() => [Float], { description: 'P(0 days), P(1 day), …' })
  shares!: number[];
}

@ObjectType({ description: 'One kind of test.' })
export class TestSensitivity {
  @Field(() => String)
  name!: string;

  @Field(() => Float, { description: 'P(positive) of somebody who is not infected.' })
  falsePositive!: number;

  @Field(() => [Float], {
    description: 'P(positive) in E, I and R; or on day 0, 1, … since infection where `bySinceInfection` says so.',
  })
  positive!: number[];

  @Field(() => Boolean)
  bySinceInfection!: boolean;
}

@ObjectType({ description: 'Parameters of the promoted version; those of others stand with `models` and their runs.' })
export class TransmissionParameters {
  @Field(() => ModelVersion, { nullable: true })
  model!: ModelVersion | null;

  @Field(() => [Float], {
    description: 'P(infection from outside) of a person and day, by region; of regions by days, their means.',
  })
  external!: number[];

  @Field(() => [TransmissionChannel])
  channels!: TransmissionChannel[];

  @Field(() => StateDuration, { description: 'From infection to becoming infectious.' })
  exposed!: StateDuration;

  @Field(() => StateDuration, { description: 'Of being infectious.' })
  infectious!: StateDuration;

  @Field(() => [TestSensitivity])
  tests!: TestSensitivity[];
}

@Resolver()
export class TransmissionResolver {
  constructor(private readonly versions: TransmissionVersions) {}

  @Access('reader', 'risk')
  @Query(() => TransmissionParameters, { nullable: true, description: 'Errors: MODEL_NOT_READY.' })
  async transmissionParameters(): Promise<TransmissionParameters> {
    const { ref, open } = await this.versions.under('champion').acquire();
    const { external, channels, exposed, infectious, tests } = open.metadata.context.parameters;
    return {
      model: modelVersionOf(ref),
      external: typeof external === 'number' ? [external] : external.map(mean),
      channels,
      exposed: durationOf(exposed),
      infectious: durationOf(infectious),
      tests: tests.map(sensitivityOf),
    };
  }
}

function durationOf(shares: readonly number[]): StateDuration {
  const days = shares.reduce((sum, share, day) => sum + share * day, 0);
  return { mean: days, longest: shares.length - 1, shares: [...shares] };
}

function sensitivityOf(kind: TestKind): TestSensitivity {
  const { name } = kind;
  if ('positive' in kind) {
    const { S, E, I, R } = kind.positive;
    return { name, falsePositive: S, positive: [E, I, R], bySinceInfection: false };
  }
  return { name, falsePositive: kind.uninfected, positive: [...kind.sinceInfection], bySinceInfection: true };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
