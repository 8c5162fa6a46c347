import { domainAccess, revokeDomainAccess } from '@haat/data-access';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Products, package catalogues, shipment counts and plans; the rights of packaging's roles. */
export class Packaging1760000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema packaging cascade');
    for (const statement of revokeDomainAccess('packaging')) await runner.query(statement);
  }
}

// Ids and codes sort by their bytes, so that the order does not depend on the server's locale.
const statements = [
  'create schema packaging',
  `create table packaging.product (
    product_id text collate "C" not null,
    valid_from timestamptz not null,
    category text not null,
    weight_g double precision not null check (weight_g > 0),
    length_cm double precision not null check (length_cm > 0),
    width_cm double precision not null check (width_cm > 0),
    height_cm double precision not null check (height_cm > 0),
    price_inr double precision not null check (price_inr > 0),
    fragile boolean not null,
    liquid boolean not null,
    current_package text collate "C",
    demand double precision not null check (demand >= 0),
    primary key (product_id, valid_from)
  )`,
  `create table packaging.package_catalogue (
    version integer generated always as identity primary key,
    valid_from timestamptz not null,
    material_volume_share double precision not null,
    material_volume_scale_cm3 double precision not null,
    freight_inr_per_half_kg double precision not null,
    volumetric_cm3_per_kg double precision not null,
    write_off_share double precision not null,
    damage_fixed_inr double precision not null
  )`,
  `create table packaging.package_type (
    catalogue_version integer not null references packaging.package_catalogue (version),
    position smallint not null check (position >= 0),
    code text collate "C" not null,
    name text not null,
    material_inr double precision not null,
    added_cm double precision not null,
    tare_kg double precision not null,
    max_kg double precision not null,
    max_thickness_cm double precision,
    primary key (catalogue_version, position),
    unique (catalogue_version, code)
  )`,
  `create table packaging.shipment_count (
    product_id text collate "C" not null,
    package text collate "C" not null,
    day date not null,
    shipments integer not null check (shipments >= 0),
    damages integer not null check (damages between 0 and shipments),
    primary key (product_id, package, day)
  )`,
  `create table packaging.plan (
    id uuid primary key default gen_random_uuid(),
    created_at timestamptz not null default now(),
    promoted_at timestamptz,
    model text not null,
    model_version integer not null,
    model_digest text not null,
    as_of timestamptz not null,
    shipping_inr double precision not null,
    damage_inr double precision not null,
    lower_bound_inr double precision not null,
    gap double precision not null,
    lambda double precision,
    method text not null
  )`,
  'create index plan_promoted on packaging.plan (promoted_at desc) where promoted_at is not null',
  `create table packaging.plan_assignment (
    plan_id uuid not null references packaging.plan (id) on delete cascade,
    product_id text collate "C" not null,
    package text collate "C" not null,
    primary key (plan_id, product_id)
  )`,
  'grant usage on schema packaging to haat_packaging, haat_packaging_task',
  'grant select, insert, update, delete on all tables in schema packaging to haat_packaging, haat_packaging_task',
  'grant maintain on packaging.product, packaging.shipment_count to haat_packaging_task',
  ...domainAccess('packaging'),
];
