import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Models, versions, aliases, runs, predictions, data revisions and the progress of imports. */
export class Platform1760000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema platform cascade');
  }
}

const guarded = ['model', 'model_version', 'model_alias', 'run', 'prediction', 'data_revision', 'import_progress'];
/** What every role that reaches a table may read of it; predictions are read by their own domain only. */
const readable = guarded.filter((table) => table !== 'prediction');

const statements = [
  'create schema platform',
  `create table platform.model (
    name text primary key check (name like '%/%'),
    card jsonb not null,
    updated_at timestamptz not null default now()
  )`,
  `create table platform.model_version (
    model text not null references platform.model (name),
    version integer not null check (version > 0),
    digest text not null check (digest ~ '^[0-9a-f]{64}$'),
    bytes bigint not null,
    run_id text not null unique,
    card jsonb not null,
    metrics jsonb not null,
    gates jsonb not null,
    gates_passed boolean not null,
    evaluation jsonb not null,
    dataset_digest text not null,
    dataset_rows bigint not null,
    as_of timestamptz not null,
    code_revision text,
    created_at timestamptz not null default now(),
    primary key (model, version)
  )`,
  `create table platform.model_alias (
    model text not null,
    alias text not null check (alias in ('champion', 'challenger', 'shadow')),
    version integer not null,
    previous_version integer,
    changed_at timestamptz not null default now(),
    primary key (model, alias),
    foreign key (model, version) references platform.model_version (model, version)
  )`,
  `create table platform.run (
    id text primary key,
    kind text not null,
    model text not null,
    options jsonb not null,
    state text not null check (state in ('queued', 'running', 'completed', 'failed', 'cancelled')),
    step text,
    fraction double precision check (fraction between 0 and 1),
    message text,
    steps jsonb not null default '[]',
    metrics jsonb,
    result jsonb,
    error_code text,
    error_message text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    finished_at timestamptz
  )`,
  'create index run_newest on platform.run (created_at desc, id desc)',
  `create table platform.prediction (
    id uuid not null,
    recorded_at timestamptz not null,
    model text not null,
    version integer not null,
    digest text not null,
    as_of timestamptz not null,
    input jsonb not null,
    output jsonb not null,
    primary key (id, recorded_at)
  ) partition by range (recorded_at)`,
  `create table platform.data_revision (
    domain text primary key,
    revision bigint not null,
    changed_at timestamptz not null default now()
  )`,
  `create table platform.import_progress (
    domain text not null,
    table_name text not null,
    digest text not null,
    records bigint not null,
    finished boolean not null,
    changed_at timestamptz not null default now(),
    primary key (domain, table_name)
  )`,
  `create function platform.make_prediction_partitions(first date, days integer) returns void
   language plpgsql security definer set search_path = pg_catalog as $$
   declare
     day date;
   begin
     if days not between 1 and 31 or first not between current_date - 1 and current_date + 31 then
       raise exception 'partitions are made for 1 to 31 days from about today, and % from % came', days, first;
     end if;
     perform pg_advisory_xact_lock(4210517002);
     for day in select generate_series(first, first + days - 1, interval '1 day')::date loop
       if to_regclass('platform.prediction_' || to_char(day, 'YYYYMMDD')) is null then
         execute format('create table platform.%I partition of platform.prediction for values from (%L) to (%L)',
           'prediction_' || to_char(day, 'YYYYMMDD'), day::text || ' 00:00+00', (day + 1)::text || ' 00:00+00');
       end if;
     end loop;
   end $$`,
  'revoke all on function platform.make_prediction_partitions(date, integer) from public',
  ...guarded.map((table) => `alter table platform.${table} enable row level security`),
  ...readable.map((table) => `create policy anyone_reads on platform.${table} for select using (true)`),
  'grant usage on schema platform to haat_platform',
  ...guarded.flatMap((table) => [
    `grant select, insert, update on platform.${table} to haat_platform`,
    `create policy platform_all on platform.${table} to haat_platform using (true) with check (true)`,
  ]),
  'grant execute on function platform.make_prediction_partitions(date, integer) to haat_platform',
];
