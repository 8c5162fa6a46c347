import type { PredictionRecord } from '@haat/data-access';
import { Access, JsonObjectScalar, type JsonObject } from '@haat/platform';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { versionId } from './model.types.ts';

@ObjectType({ description: 'One prediction as it was served: enough to explain and to replay it.' })
@Access('reader', { of: 'versionId' })
export class Prediction {
  @Field(() => ID)
  id!: string;

  @Field(() => Date)
  recordedAt!: Date;

  @Field(() => Date, { description: 'The moment whose facts were asked for.' })
  asOf!: Date;

  @Field(() => Int, { description: 'Revision of the data that was answered from.' })
  revision!: number;

  @Field(() => String, { description: 'SHA-256 of the artifact that answered, hex.' })
  digest!: string;

  @Field(() => JsonObjectScalar, { description: 'The raw input, before features.' })
  input!: JsonObject;

  @Field(() => JsonObjectScalar)
  output!: JsonObject;

  versionId!: string;
}

export function predictionOf(record: PredictionRecord): Prediction {
  const { id, recordedAt, asOf, revision, digest, input, output } = record;
  return {
    id,
    recordedAt,
    asOf,
    revision,
    digest,
    input: input as JsonObject,
    output: output as JsonObject,
    versionId: versionId(record),
  };
}
