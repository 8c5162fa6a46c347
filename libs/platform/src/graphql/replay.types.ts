import type { ModelRef, Replay, ValueDifference } from '@haat/kit';
import { Directive, Field, Float, ID, ObjectType } from '@nestjs/graphql';
import { Access } from '../auth/access.ts';

/** Types of `replayPrediction`, the same in every domain's subgraph. */
@ObjectType({ description: 'One value that a replay found otherwise than it was recorded.' })
@Directive('@shareable')
export class ReplayedDifference {
  @Field(() => String, { description: 'Where: `weight_g`, `probability[3]`.' })
  path!: string;

  @Field(() => String, { description: 'As JSON.' })
  recorded!: string;

  @Field(() => String, { description: 'As JSON.' })
  replayed!: string;

  @Field(() => Float, { nullable: true, description: 'How much two numbers differ.' })
  difference!: number | null;
}

@ObjectType({ description: 'A recorded prediction, recomputed from what was known when it was made.' })
@Directive('@shareable')
@Access('reader', { of: 'versionId' })
export class PredictionReplay {
  @Field(() => ID, { description: 'Id of the prediction.' })
  id!: string;

  @Field(() => String, { description: 'The version that answered: `<model>@<version>`.' })
  versionId!: string;

  @Field(() => Boolean, { description: 'Whether every recorded value came out exactly.' })
  same!: boolean;

  @Field(() => [ReplayedDifference], { description: 'Facts that are otherwise now.' })
  inputs!: ReplayedDifference[];

  @Field(() => [ReplayedDifference], { description: 'Answers that are otherwise now.' })
  outputs!: ReplayedDifference[];
}

const shown = ({ path, recorded, replayed, difference }: ValueDifference): ReplayedDifference => ({
  path,
  recorded: JSON.stringify(recorded),
  replayed: JSON.stringify(replayed),
  difference,
});

export function replayedPrediction({ model, version }: ModelRef, replay: Replay): PredictionReplay {
  const { id, same, inputs, outputs } = replay;
  return { id, versionId: `${model}@${version}`, same, inputs: inputs.map(shown), outputs: outputs.map(shown) };
}
