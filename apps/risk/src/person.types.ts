import { Access, connectionOf } from '@haat/platform';
import { dayAfter, type Inference, type KeptSource, type PersonRisk } from '@haat/risk/contract';
import { Directive, Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { Inferred, inferredBy } from './inferred.types.ts';

/** Half the width of a 95 % interval of a normal distribution, in standard errors. */
const Z = 1.96;

@ObjectType({ description: 'A person, by pseudonym. Who is shown what was inferred of it is written down.' })
@Directive('@key(fields: "id")')
@Access('reader', 'risk')
export class Person {
  @Field(() => ID, { description: 'The pseudonym.' })
  id!: string;
}

export const PersonConnection = connectionOf(Person, 'Person');

@ObjectType({ description: 'What was inferred of a person on a day. Probabilities, in [0, 1].' })
export class RiskDay {
  @Field(() => String, { description: 'YYYY-MM-DD.' })
  day!: string;

  @Field(() => Float, { description: 'Infected, not yet infectious: P(E).' })
  exposed!: number;

  @Field(() => Float, { description: 'P(I).' })
  infectious!: number;

  @Field(() => Float, { description: 'Not infectious any more: P(R).' })
  removed!: number;

  @Field(() => Float, { description: 'P(E or I).' })
  risk!: number;

  @Field(() => Float, { description: 'Monte-Carlo standard error of `risk`, at the most.' })
  error!: number;

  @Field(() => Float, { description: 'Lower end of the 95 % interval of what chance leaves open about `risk`.' })
  low!: number;

  @Field(() => Float, { description: 'Upper end of it.' })
  high!: number;
}

@ObjectType({ description: 'What the newest inference says of a person.' })
export class RiskTimeline extends Inferred {
  @Field(() => Int, { description: 'Seed of the chains: the same seed over the same data gives the same answer.' })
  seed!: number;

  @Field(() => Float, { description: 'How far chains disagree about this person (R-hat); about 1 where they agree.' })
  rHat!: number;

  @Field(() => Float, { description: 'Independent samples that all chains are worth.' })
  effectiveSamples!: number;

  /** By day, the oldest first. */
  all!: RiskDay[];
}

@ObjectType({ description: 'One possible source of an infection.' })
export class InfectionSource {
  @Field(() => Person, {
    nullable: true,
    description: 'Who would have infected; null: somebody outside of the contacts.',
  })
  from!: Person | null;

  @Field(() => String, { nullable: true, description: 'Day of the contact, YYYY-MM-DD; null: before the window.' })
  day!: string | null;

  @Field(() => Float, { description: 'P(infected, and by this source).' })
  probability!: number;
}

@ObjectType({ description: 'Why a person has this risk.' })
export class RiskExplanation {
  /** All that were kept, the most probable first. */
  kept!: readonly KeptSource[];
}

export function timelineOf({ inference, ...found }: PersonRisk): RiskTimeline {
  const { seed } = inference;
  const { rHat, effectiveSamples } = found;
  return { ...inferredBy(inference), seed, rHat, effectiveSamples, all: daysOf(inference, found) };
}

function daysOf(
  { firstDay }: Pick<Inference, 'firstDay'>,
  { exposed, infectious, removed, error }: Pick<PersonRisk, 'exposed' | 'infectious' | 'removed' | 'error'>,
): RiskDay[] {
  return exposed.map((e, day) => {
    const risk = e + infectious[day]!;
    const margin = Z * error[day]!;
    return {
      day: dayAfter(firstDay, day),
      exposed: e,
      infectious: infectious[day]!,
      removed: removed[day]!,
      risk,
      error: error[day]!,
      low: Math.max(0, risk - margin),
      high: Math.min(1, risk + margin),
    };
  });
}

export function sourceOf({ from, day, probability }: KeptSource): InfectionSource {
  return { from: from === null ? null : { id: from }, day, probability };
}
