import { driftAccess, revisionAccess, revokeDriftAccess, revokeRevisionAccess } from '@haat/data-access';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Facts carry the revision in which they came and are added only: a correction is a further row. A promotion of a plan is a
 * fact too, with its time. What is there already is of the current revision.
 */
export class PackagingBitemporal1760004000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  /** Loses what corrections took the place of. */
  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}

const current = `coalesce((select revision from platform.data_revision where domain = 'packaging'), 0)`;
const facts = ['product', 'package_catalogue', 'shipment_count'];
const addedOnly = [...facts, 'package_type', 'plan_promotion'].map((table) => `packaging.${table}`).join(', ');
const roles = 'haat_packaging, haat_packaging_task';

const up = [
  ...facts.flatMap((table) => [
    `alter table packaging.${table} add column revision bigint`,
    `update packaging.${table} set revision = ${current}`,
    `alter table packaging.${table} alter column revision set not null`,
  ]),
  'alter table packaging.product drop constraint product_pkey, add primary key (product_id, valid_from, revision)',
  'alter table packaging.shipment_count drop constraint shipment_count_pkey, add primary key (product_id, package, day, revision)',
  `create table packaging.plan_promotion (
    plan_id uuid not null references packaging.plan (id),
    promoted_at timestamptz not null,
    revision bigint not null,
    primary key (promoted_at, revision, plan_id)
  )`,
  `insert into packaging.plan_promotion (plan_id, promoted_at, revision)
   select id, promoted_at, ${current} from packaging.plan where promoted_at is not null`,
  'alter table packaging.plan drop column promoted_at',
  `grant select, insert on packaging.plan_promotion to ${roles}`,
  `revoke update, delete on ${addedOnly} from ${roles}`,
  ...revisionAccess('packaging'),
  ...driftAccess('packaging'),
];

const newer = (table: string, key: readonly string[]) =>
  `delete from packaging.${table} old using packaging.${table} newer
   where ${key.map((column) => `newer.${column} = old.${column}`).join(' and ')} and newer.revision > old.revision`;

const down = [
  ...revokeDriftAccess('packaging'),
  ...revokeRevisionAccess('packaging'),
  `grant update, delete on ${addedOnly} to ${roles}`,
  'alter table packaging.plan add column promoted_at timestamptz',
  `update packaging.plan set promoted_at = (select max(promoted_at) from packaging.plan_promotion where plan_id = plan.id)`,
  'create index plan_promoted on packaging.plan (promoted_at desc) where promoted_at is not null',
  'drop table packaging.plan_promotion',
  newer('product', ['product_id', 'valid_from']),
  newer('shipment_count', ['product_id', 'package', 'day']),
  'alter table packaging.product drop constraint product_pkey, add primary key (product_id, valid_from)',
  'alter table packaging.shipment_count drop constraint shipment_count_pkey, add primary key (product_id, package, day)',
  ...facts.map((table) => `alter table packaging.${table} drop column revision`),
];
