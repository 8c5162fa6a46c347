import { backfillAccess, revokeBackfillAccess } from '@haat/data-access';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The package that is recommended for each product, as backfills decided it; the rights of packaging's task to backfill. */
export class PackagingRecommendation1760003000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...statements, ...backfillAccess('packaging')]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table packaging.recommendation');
    for (const statement of revokeBackfillAccess('packaging')) await runner.query(statement);
  }
}

// Backfills change most rows at once: a page that is half empty takes the new versions, and no index has to be told.
const statements = [
  `create table packaging.recommendation (
    product_id text collate "C" primary key,
    package text collate "C",
    basis text not null check (basis in ('PROMOTED_PLAN', 'LEAST_TOTAL_COST', 'NO_FEASIBLE_PACKAGE')),
    expected_damage_inr double precision,
    shipping_inr double precision,
    model_version integer not null,
    model_digest text not null,
    plan_id uuid,
    facts_as_of timestamptz not null,
    facts_revision bigint not null,
    run text not null,
    decided_at timestamptz not null,
    check ((package is null) = (basis = 'NO_FEASIBLE_PACKAGE'))
  ) with (fillfactor = 50)`,
  'grant select on packaging.recommendation to haat_packaging',
  'grant select, insert, update, delete on packaging.recommendation to haat_packaging_task',
];
