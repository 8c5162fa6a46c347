import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { ModelCard } from '@haat/kit';

import type { EvaluationFacts, GateOutcome, ModelAlias, RunState, StepRecord } from './platform.records.ts';

const bigint = { to: (value: number) => value, from: Number };
const optionalBigint = {
  to: (value: number | null) => value,
  from: (text: string | null) => (text === null ? null : Number(text)),
};

@Entity({ schema: 'platform', name: 'model' })
export class ModelEntity {
  @PrimaryColumn('text')
  name!: string;
  @Column('jsonb')
  card!: ModelCard;
  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}

@Entity({ schema: 'platform', name: 'model_version' })
export class ModelVersionEntity {
  @PrimaryColumn('text')
  model!: string;
  @PrimaryColumn('integer')
  version!: number;
  @Column('text')
  digest!: string;
  @Column('bigint', { transformer: bigint })
  bytes!: number;
  @Column('text', { name: 'run_id', unique: true })
  runId!: string;
  @Column('jsonb')
  card!: ModelCard;
  @Column('jsonb')
  metrics!: Record<string, number>;
  @Column('jsonb')
  gates!: GateOutcome[];
  @Column('boolean', { name: 'gates_passed' })
  gatesPassed!: boolean;
  @Column('jsonb')
  evaluation!: EvaluationFacts;
  @Column('text', { name: 'dataset_digest' })
  datasetDigest!: string;
  @Column('bigint', { name: 'dataset_rows', transformer: bigint })
  datasetRows!: number;
  @Column('timestamptz', { name: 'as_of' })
  asOf!: Date;
  @Column('bigint', { name: 'data_revision', nullable: true, transformer: optionalBigint })
  dataRevision!: number | null;
  @Column('text', { name: 'code_revision', nullable: true })
  codeRevision!: string | null;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamptz', { name: 'archived_at', nullable: true })
  archivedAt!: Date | null;
  @Column('timestamptz', { name: 'collected_at', nullable: true })
  collectedAt!: Date | null;
}

@Entity({ schema: 'platform', name: 'model_alias' })
export class ModelAliasEntity {
  @PrimaryColumn('text')
  model!: string;
  @PrimaryColumn('text')
  alias!: ModelAlias;
  @Column('integer')
  version!: number;
  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt!: Date;
}

@Entity({ schema: 'platform', name: 'run' })
export class RunEntity {
  @PrimaryColumn('text')
  id!: string;
  @Column('text')
  kind!: string;
  @Column('text')
  model!: string;
  @Column('jsonb')
  options!: Record<string, unknown>;
  @Column('text')
  state!: RunState;
  @Column('text', { nullable: true })
  step!: string | null;
  /** Share of the step that is done, in [0, 1]; null where it is not known. */
  @Column('double precision', { nullable: true })
  fraction!: number | null;
  @Column('text', { nullable: true })
  message!: string | null;
  @Column('jsonb', { default: () => "'[]'" })
  steps!: StepRecord[];
  @Column('jsonb', { nullable: true })
  metrics!: Record<string, number> | null;
  @Column('jsonb', { nullable: true })
  result!: Record<string, unknown> | null;
  /** Digest of what each of its parts saved last; for whoever takes it up. */
  @Column('text', { array: true, default: () => "'{}'", select: false })
  checkpoints!: (string | null)[];
  /** Digests of what else lies in the store until it ends: replaced, needed on the way only, or stored by a worker that was killed before it could say so. */
  @Column('text', { name: 'checkpoint_leftovers', array: true, default: () => "'{}'", select: false })
  checkpointLeftovers!: string[];
  @Column('text', { name: 'error_code', nullable: true })
  errorCode!: string | null;
  @Column('text', { name: 'error_message', nullable: true })
  errorMessage!: string | null;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;
}

export const platformEntities = [ModelEntity, ModelVersionEntity, ModelAliasEntity, RunEntity];
