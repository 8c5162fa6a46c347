import { backfillAccess, revokeBackfillAccess } from '@haat/data-access';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The package that is recommended for each product, as backfills decided it; the rights of packaging's task to backfill. */
export class PackagingRecommendation1760003000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...statements, ...backfillAccess('packaging')]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table packaging.recommendation');
    for (const statement of [...planRevisionAccess.down, ...revokeBackfillAccess('packaging')]) {
      await runner.query(statement);
    }
  }
}

/** Who promotes a plan says so by a revision of its own: what was recommended before is stale then. */
const planRevisionAccess = {
  up: [
    'grant insert, update on platform.data_revision to haat_packaging',
    `create policy packaging_plan_insert on platform.data_revision for insert to haat_packaging with check (domain = 'packaging/plan')`,
    `create policy packaging_plan_update on platform.data_revision for update to haat_packaging using (domain = 'packaging/plan') with check (domain = 'packaging/plan')`,
    `create policy packaging_plan_task on platform.data_revision to haat_packaging_task using (domain = 'packaging/plan') with check (domain = 'packaging/plan')`,
  ],
  down: [
    'drop policy packaging_plan_task on platform.data_revision',
    'drop policy packaging_plan_update on platform.data_revision',
    'drop policy packaging_plan_insert on platform.data_revision',
    'revoke insert, update on platform.data_revision from haat_packaging',
  ],
};

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
    run text not null,
    decided_at timestamptz not null,
    check ((package is null) = (basis = 'NO_FEASIBLE_PACKAGE'))
  ) with (fillfactor = 50)`,
  'grant select on packaging.recommendation to haat_packaging',
  'grant select, insert, update, delete on packaging.recommendation to haat_packaging_task',
  ...planRevisionAccess.up,
];
