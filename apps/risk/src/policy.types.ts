import { Access, JsonObjectScalar, ModelVersion, modelVersionOf, type JsonObject } from '@haat/platform';
import type { PlannedPolicies, PolicyOutcome } from '@haat/risk/contract';
import { policyOptionsSchema, type PolicyOptions } from '@haat/risk/model';
import { pairedDifference, summarise, type SeedMean } from '@haat/risk/policy';
import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';

@ObjectType({ description: 'A mean over the seeds that are done.' })
export class MeanOverSeeds {
  @Field(() => Float)
  mean!: number;

  @Field(() => Float, {
    nullable: true,
    description: "Lower end of its 95 % interval (Student's t); null of one seed.",
  })
  low!: number | null;

  @Field(() => Float, { nullable: true, description: 'Upper end of it.' })
  high!: number | null;
}

@ObjectType({ description: 'What a policy comes to.' })
export class PolicyResult {
  @Field(() => String)
  policy!: string;

  @Field(() => JsonObjectScalar, { description: 'What it does.' })
  setting!: JsonObject;

  @Field(() => Int, { description: 'Seeds that are done.' })
  seeds!: number;

  @Field(() => MeanOverSeeds, { description: 'Share of persons ever infected.' })
  infected!: MeanOverSeeds;

  @Field(() => MeanOverSeeds, { description: 'Days that persons were kept apart, all together.' })
  quarantineDays!: MeanOverSeeds;

  @Field(() => MeanOverSeeds)
  tests!: MeanOverSeeds;
}

@ObjectType({ description: 'A policy less another one, on the seeds that both have met.' })
export class PolicyDifference {
  @Field(() => String)
  policy!: string;

  @Field(() => Int)
  seeds!: number;

  @Field(() => MeanOverSeeds, { description: 'Share of persons ever infected.' })
  infected!: MeanOverSeeds;

  @Field(() => MeanOverSeeds, { description: 'Days that persons were kept apart, all together.' })
  quarantineDays!: MeanOverSeeds;
}

@ObjectType({ description: 'Policies that met the same outbreaks; also while more come.' })
@Access('reader', 'risk')
export class PolicySimulation {
  @Field(() => ID, { description: 'Run that simulates it: `runProgress` tells how far it is.' })
  runId!: string;

  @Field(() => ModelVersion, { nullable: true, description: 'Version whose parameters the disease has.' })
  model!: ModelVersion | null;

  @Field(() => Int)
  persons!: number;

  @Field(() => Int)
  days!: number;

  @Field(() => Int, { description: 'First day on which anything is done.' })
  start!: number;

  @Field(() => Int, { description: 'Tests a day.' })
  capacity!: number;

  @Field(() => String, { description: 'Kind of the tests.' })
  kind!: string;

  @Field(() => Float, { description: 'Share of persons who have the app.' })
  adoption!: number;

  @Field(() => Int, { description: 'Seed of the first outbreak.' })
  seed!: number;

  @Field(() => Int, { description: 'Outbreaks, each of which every policy meets.' })
  seeds!: number;

  @Field(() => Int, { description: 'Outcomes that are there.' })
  done!: number;

  @Field(() => Int, { description: 'Outcomes that there will be: one for each policy and outbreak.' })
  total!: number;

  @Field(() => [PolicyResult], {
    description: 'In the order in which policies were named; those that met none yet are left out.',
  })
  policies!: PolicyResult[];

  outcomes!: readonly PolicyOutcome[];
  named!: readonly string[];
}

export function simulationOf(
  { run, ref, options, seed, seeds }: PlannedPolicies,
  outcomes: readonly PolicyOutcome[],
): PolicySimulation {
  const { policies, ...world }: PolicyOptions = policyOptionsSchema.parse(options);
  const named = policies.map(({ name }) => name);
  const settings = new Map(policies.map(({ name, ...setting }) => [name, setting]));
  return {
    ...world,
    runId: run,
    model: modelVersionOf(ref),
    seed,
    seeds,
    done: outcomes.length,
    total: seeds * named.length,
    policies: summarise(outcomes).map(({ policy, infected, quarantineDays, tests, seeds: met }) => ({
      policy,
      setting: settings.get(policy)!,
      seeds: met,
      infected: intervalOf(infected),
      quarantineDays: intervalOf(quarantineDays),
      tests: intervalOf(tests),
    })),
    outcomes,
    named,
  };
}

/** Every other policy less this one. */
export function differencesFrom({ outcomes, policies }: PolicySimulation, other: string): PolicyDifference[] {
  return policies
    .filter(({ policy }) => policy !== other)
    .map(({ policy }) => ({ policy, ...pairedDifference(outcomes, policy, other) }))
    .filter(({ seeds }) => seeds > 0)
    .map(({ policy, seeds, infected, quarantineDays }) => ({
      policy,
      seeds,
      infected: intervalOf(infected),
      quarantineDays: intervalOf(quarantineDays),
    }));
}

function intervalOf({ mean, halfWidth }: SeedMean): MeanOverSeeds {
  if (halfWidth === Infinity) return { mean, low: null, high: null };
  return { mean, low: mean - halfWidth, high: mean + halfWidth };
}
