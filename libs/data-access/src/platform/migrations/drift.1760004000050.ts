import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Daily profiles of what models are asked. */
export class Drift1760004000050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table platform.drift_profile');
  }
}

const statements = [
  `create table platform.drift_profile (
    model text not null,
    day date not null,
    version integer not null,
    rows integer not null,
    reference_rows integer not null,
    features jsonb not null,
    profiled_at timestamptz not null default now(),
    primary key (model, day)
  )`,
  'alter table platform.drift_profile enable row level security',
  'grant select, insert, update on platform.drift_profile to haat_platform',
  'create policy platform_all on platform.drift_profile to haat_platform using (true) with check (true)',
];
