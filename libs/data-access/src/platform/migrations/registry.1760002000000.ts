import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Versions in operation: archiving, who held an alias when, approvals, what runs hold in the store, shadows by day. */
export class Registry1760002000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of undoing) await runner.query(statement);
  }
}

const added = ['alias_change', 'approval', 'content_hold', 'shadow_day'];

const statements = [
  'alter table platform.model_version add archived_at timestamptz, add collected_at timestamptz',
  'create index model_version_digest on platform.model_version (digest)',
  'create index model_version_dataset on platform.model_version (dataset_digest)',
  'create index prediction_version on platform.prediction (model, version, recorded_at, id)',
  `create table platform.alias_change (
    id bigint generated always as identity primary key,
    model text not null references platform.model (name),
    alias text not null,
    version integer,
    previous_version integer,
    rollback boolean not null default false,
    at timestamptz not null default clock_timestamp()
  )`,
  'create index alias_change_of on platform.alias_change (model, alias, id desc)',
  `insert into platform.alias_change (model, alias, version, previous_version, at)
   select model, alias, version, previous_version, changed_at from platform.model_alias`,
  'alter table platform.model_alias drop column previous_version',
  `create table platform.approval (
    run_id text primary key,
    model text not null,
    version integer not null,
    state text not null check (state in ('waiting', 'approved', 'rejected', 'expired', 'cancelled')),
    deadline timestamptz not null,
    actor text,
    origin text,
    reason text,
    asked_at timestamptz not null default now(),
    decided_at timestamptz,
    foreign key (model, version) references platform.model_version (model, version)
  )`,
  `create index approval_waiting on platform.approval (model, version) where state = 'waiting'`,
  `create table platform.content_hold (
    digest text not null check (digest ~ '^[0-9a-f]{64}$'),
    run_id text not null,
    model text not null,
    held_at timestamptz not null default now(),
    primary key (digest, run_id)
  )`,
  `create table platform.shadow_day (
    day date not null,
    model text not null,
    champion integer not null,
    shadow integer not null,
    rows bigint not null,
    differing bigint not null,
    dropped bigint not null,
    failed bigint not null,
    largest double precision not null,
    primary key (model, day, champion, shadow)
  )`,
  ...added.flatMap((table) => [
    `alter table platform.${table} enable row level security`,
    `create policy anyone_reads on platform.${table} for select using (true)`,
    `grant select, insert on platform.${table} to haat_platform`,
    `create policy platform_all on platform.${table} to haat_platform using (true) with check (true)`,
  ]),
  'grant update on platform.approval to haat_platform',
  'grant delete on platform.content_hold, platform.model_alias to haat_platform',
];

const undoing = [
  'alter table platform.model_alias add previous_version integer',
  ...added.toReversed().map((table) => `drop table platform.${table}`),
  'drop index platform.prediction_version, platform.model_version_dataset, platform.model_version_digest',
  'alter table platform.model_version drop column collected_at, drop column archived_at',
  'revoke delete on platform.model_alias from haat_platform',
];
