import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Backfills and undos: how far each is, its chunks, and what each changed row was before. */
export class Backfill1760003000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables.toReversed()) await runner.query(`drop table platform.${table}`);
  }
}

const tables = ['backfill', 'backfill_chunk', 'backfill_change'];

// A before-image holds the text of each column; no row is there where it is null.
const statements = [
  `create table platform.backfill (
    id bigint generated always as identity primary key,
    run text not null unique references platform.run (id),
    domain text not null,
    model_version integer,
    model_digest text,
    scope jsonb not null,
    undoes text references platform.run (id),
    total bigint not null check (total >= 0),
    done bigint not null default 0,
    changed bigint not null default 0,
    paused_at timestamptz,
    began_at timestamptz not null default clock_timestamp(),
    closed_at timestamptz
  )`,
  `create table platform.backfill_chunk (
    backfill bigint not null references platform.backfill (id),
    chunk integer not null check (chunk >= 0),
    domain text not null,
    rows integer not null,
    changed integer not null,
    report jsonb not null,
    committed_at timestamptz not null default clock_timestamp(),
    primary key (backfill, chunk)
  )`,
  'create index backfill_chunk_newest on platform.backfill_chunk (backfill, committed_at desc)',
  `create table platform.backfill_change (
    backfill bigint not null references platform.backfill (id),
    key text collate "C" not null,
    domain text not null,
    before json,
    after_digest bytea not null,
    model_digest bytea not null,
    evidence json not null,
    undone_by bigint references platform.backfill (id),
    primary key (backfill, key)
  )`,
  ...tables.map((table) => `alter table platform.${table} enable row level security`),
  ...['backfill', 'backfill_chunk'].flatMap((table) => [
    `grant select on platform.${table} to haat_platform`,
    `create policy platform_select on platform.${table} for select to haat_platform using (true)`,
  ]),
];
