import type { ModelRef } from '@haat/kit';
import { Access, connectionOf, ModelVersion, modelVersionOf } from '@haat/platform';
import type { RiskParameters, TestKind } from '@haat/risk/contract';
import type { TransmissionContext } from '@haat/risk/model';
import { Field, Float, Int, ObjectType } from '@nestjs/graphql';

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

@ObjectType({
  description: 'One rate of transmission, as the options gave it or as it was estimated from what was observed.',
})
export class RateEstimate {
  @Field(() => String, { description: 'A channel; `external`: from outside the contacts, a person and day.' })
  name!: string;

  @Field(() => Float, { description: 'P(infection), by a unit of contact or by a day.' })
  value!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'Standard error of the logarithm of the exposure, nat; null where the rate was given, or where what was observed says nothing of it.',
  })
  lnError!: number | null;

  @Field(() => Float, { nullable: true, description: 'Lower end of the 95 % interval; null likewise.' })
  low!: number | null;

  @Field(() => Float, { nullable: true, description: 'Upper end of it.' })
  high!: number | null;

  @Field(() => [Float], { description: 'The value after each step of the estimation; none where it was given.' })
  steps!: number[];
}

@ObjectType({ description: 'The rates of one version.' })
@Access('reader', 'risk')
export class TransmissionVersion {
  @Field(() => ModelVersion, { nullable: true })
  model!: ModelVersion | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether the rates were estimated, or the options said what they are; null where the artifact, which tells, was collected.',
  })
  learned!: boolean | null;

  @Field(() => [RateEstimate], {
    nullable: true,
    description: 'From outside first, then the channels; null where the artifact was collected.',
  })
  rates!: RateEstimate[] | null;
}

export const TransmissionVersionConnection = connectionOf(TransmissionVersion, 'TransmissionVersion');

@ObjectType({ description: 'Parameters of the promoted version; `transmissionHistory` tells the rates of all.' })
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

  @Field(() => [RateEstimate], { description: 'The rates with what is known of their errors, from outside first.' })
  rates!: RateEstimate[];
}

export function parametersOf(ref: ModelRef, context: TransmissionContext): TransmissionParameters {
  const { channels, exposed, infectious, tests } = context.parameters;
  return {
    model: modelVersionOf(ref),
    external: externalOf(context.parameters),
    channels,
    exposed: durationOf(exposed),
    infectious: durationOf(infectious),
    tests: tests.map(sensitivityOf),
    rates: ratesOf(context),
  };
}

/** Of a version whose artifact is gone, `context` is null: the registry knows that there was it. */
export function versionOf(ref: ModelRef, context: TransmissionContext | null): TransmissionVersion {
  if (context === null) return { model: modelVersionOf(ref), learned: null, rates: null };
  return { model: modelVersionOf(ref), learned: context.learned !== undefined, rates: ratesOf(context) };
}

function ratesOf({ parameters, learned }: TransmissionContext): RateEstimate[] {
  if (learned) {
    return learned.estimates.map((one, k) => ({ ...one, steps: learned.history.map((values) => values[k]!) }));
  }
  const given = [
    ...externalOf(parameters).map((value) => ({ name: 'external', value })),
    ...parameters.channels.map(({ name, probability: value }) => ({ name, value })),
  ];
  return given.map((one) => ({ ...one, lnError: null, low: null, high: null, steps: [] }));
}

function externalOf({ external }: RiskParameters): number[] {
  return typeof external === 'number' ? [external] : external.map(mean);
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
