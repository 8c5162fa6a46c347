import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who did what. Nobody but the owner can change or remove an entry: no role of an app has the right to. */
export class Audit1760000200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table platform.audit');
  }
}

const statements = [
  `create table platform.audit (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    actor text not null,
    origin text not null,
    action text not null,
    subject text not null,
    domain text not null,
    reason text,
    details jsonb not null default '{}'
  )`,
  'create index audit_subject on platform.audit (subject, id desc)',
  'alter table platform.audit enable row level security',
  'grant select, insert on platform.audit to haat_platform',
  'create policy platform_select on platform.audit for select to haat_platform using (true)',
  'create policy platform_insert on platform.audit for insert to haat_platform with check (true)',
];
