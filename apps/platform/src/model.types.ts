import type { ModelVersion as VersionRecord, RegisteredModel } from '@haat/data-access';
import type { ModelCard } from '@haat/kit';
import { Access, connectionOf, JsonObjectScalar, type JsonObject } from '@haat/platform';
import { Directive, Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';

@ObjectType({ description: 'A number by which a model is judged, on data that training never saw.' })
export class Metric {
  @Field(() => String)
  name!: string;

  @Field(() => Float)
  value!: number;

  @Field(() => String, { nullable: true, description: "'1' for a pure number." })
  unit!: string | null;

  @Field(() => String, { nullable: true, description: "'lower', 'higher' or 'closer to 1'." })
  better!: string | null;

  @Field(() => String, { nullable: true })
  doc!: string | null;
}

@ObjectType({ description: 'A condition that a version has to meet before it may be promoted.' })
export class Gate {
  @Field(() => String)
  gate!: string;

  @Field(() => Boolean)
  passed!: boolean;

  @Field(() => String, { description: 'What was measured against what was asked.' })
  evidence!: string;
}

@ObjectType({ description: 'Where a version came from.' })
export class Lineage {
  @Field(() => String, { description: 'SHA-256 of the snapshot that it was trained on, hex.' })
  datasetDigest!: string;

  @Field(() => Int)
  datasetRows!: number;

  @Field(() => Date, { description: 'Nothing later than this (event time) is in the snapshot.' })
  asOf!: Date;

  @Field(() => Int, {
    nullable: true,
    description: 'Nothing that came after this revision of the data is in the snapshot.',
  })
  dataRevision!: number | null;

  @Field(() => ID, { description: 'The run that trained it.' })
  runId!: string;

  @Field(() => String, { nullable: true, description: 'Revision of the code that trained it.' })
  codeRevision!: string | null;
}

@ObjectType({ description: 'One trained version of a model.' })
@Directive('@key(fields: "id")')
@Access('reader', { of: 'id' })
export class ModelVersion {
  @Field(() => ID, { description: '`<model>@<version>`, such as `packaging/damage@3`.' })
  id!: string;

  @Field(() => Int)
  @Directive('@shareable')
  version!: number;

  @Field(() => String, { description: "SHA-256 of the artifact's bytes, hex." })
  @Directive('@shareable')
  digest!: string;

  @Field(() => Int, { description: 'Size of the artifact.' })
  bytes!: number;

  @Field(() => Date)
  createdAt!: Date;

  @Field(() => [Metric])
  metrics!: Metric[];

  @Field(() => [Gate])
  gates!: Gate[];

  @Field(() => Boolean, { description: 'Whether it may be promoted.' })
  gatesPassed!: boolean;

  @Field(() => Lineage)
  lineage!: Lineage;

  @Field(() => Date, { nullable: true, description: 'Since when it is put aside; null while it may be promoted.' })
  archivedAt!: Date | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When its artifact or its snapshot was collected as garbage; null while both are there.',
  })
  collectedAt!: Date | null;

  /** Name of the model. */
  modelName!: string;
}

@ObjectType({ description: 'A model, as it was last declared.' })
@Access('reader', { of: 'name' })
export class Model {
  @Field(() => ID, { description: '`<domain>/<model>`.' })
  name!: string;

  @Field(() => String)
  domain!: string;

  @Field(() => String)
  title!: string;

  @Field(() => String)
  owner!: string;

  @Field(() => String)
  intendedUse!: string;

  @Field(() => [String])
  limitations!: string[];

  @Field(() => String)
  kind!: string;

  @Field(() => JsonObjectScalar, { description: 'JSON Schema of the options of a training run.' })
  options!: JsonObject;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: 'JSON Schema of the options of a run of inference; null where the model answers when it is asked.',
  })
  inference!: JsonObject | null;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: 'JSON Schema of the options of a simulation of policies; null where there are no worlds for it.',
  })
  simulation!: JsonObject | null;

  @Field(() => JsonObjectScalar, { description: 'The whole card, as docs/models prints it.' })
  card!: JsonObject;
}

export const ModelVersionConnection = connectionOf(ModelVersion, 'ModelVersion');

/** `packaging/damage@3`. */
export function versionId({ model, version }: { model: string; version: number }): string {
  return `${model}@${version}`;
}

export function metricsOf(card: ModelCard | null, metrics: Readonly<Record<string, number>>): Metric[] {
  return Object.entries(metrics).map(([name, value]) => {
    const spec = card?.metrics[name];
    return { name, value, unit: spec?.unit ?? null, better: spec?.better ?? null, doc: spec?.doc ?? null };
  });
}

export function versionOf(record: VersionRecord): ModelVersion {
  const { model, version, digest, bytes, createdAt, gates, gatesPassed, card, metrics } = record;
  const { datasetDigest, datasetRows, asOf, dataRevision, runId, codeRevision, archivedAt, collectedAt } = record;
  return {
    id: versionId({ model, version }),
    version,
    digest,
    bytes,
    createdAt,
    metrics: metricsOf(card, metrics),
    gates: [...gates],
    gatesPassed,
    lineage: { datasetDigest, datasetRows, asOf, dataRevision, runId, codeRevision },
    archivedAt,
    collectedAt,
    modelName: model,
  };
}

export function modelOf({ name, card }: RegisteredModel): Model {
  const { domain, title, owner, intendedUse, limitations, kind, options, inference = null, simulation = null } = card;
  return {
    name,
    domain,
    title,
    owner,
    intendedUse,
    limitations: [...limitations],
    kind,
    options,
    inference,
    simulation,
    card: { ...card },
  };
}
