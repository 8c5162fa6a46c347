import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each running app says that it answers with, and what it refused. */
export class ServedAlias1798700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table platform.served_alias');
  }
}

const statements = [
  `create table platform.served_alias (
    instance text not null,
    model text not null,
    alias text not null,
    version integer,
    refused_version integer,
    refused_code text,
    refused_reason text,
    seen_at timestamptz not null default clock_timestamp(),
    primary key (model, alias, instance),
    check ((refused_version is null) = (refused_code is null) and (refused_version is null) = (refused_reason is null))
  )`,
  'alter table platform.served_alias enable row level security',
  'create policy anyone_reads on platform.served_alias for select using (true)',
  'grant select on platform.served_alias to haat_platform',
];
