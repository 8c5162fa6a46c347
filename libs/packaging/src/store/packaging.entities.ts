import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

const bigint = { to: (value: number) => value, from: Number };

/** One version of a product's facts, from `validFrom` until the next one, as it came in `revision`. Added, never changed. */
@Entity({ schema: 'packaging', name: 'product' })
export class ProductEntity {
  @PrimaryColumn('text', { name: 'product_id', collation: 'C' })
  productId!: string;
  @PrimaryColumn('timestamptz', { name: 'valid_from' })
  validFrom!: Date;
  @PrimaryColumn('bigint', { transformer: bigint })
  revision!: number;
  @Column('text')
  category!: string;
  @Column('double precision', { name: 'weight_g' })
  weightG!: number;
  @Column('double precision', { name: 'length_cm' })
  lengthCm!: number;
  @Column('double precision', { name: 'width_cm' })
  widthCm!: number;
  @Column('double precision', { name: 'height_cm' })
  heightCm!: number;
  @Column('double precision', { name: 'price_inr' })
  priceInr!: number;
  @Column('boolean')
  fragile!: boolean;
  @Column('boolean')
  liquid!: boolean;
  @Column('text', { name: 'current_package', nullable: true })
  currentPackage!: string | null;
  @Column('double precision')
  demand!: number;
}

/** A version of the tariff and, with its package types, of what can be packed. */
@Entity({ schema: 'packaging', name: 'package_catalogue' })
export class PackageCatalogueEntity {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' })
  version!: number;
  @Column('timestamptz', { name: 'valid_from' })
  validFrom!: Date;
  @Column('bigint', { transformer: bigint })
  revision!: number;
  @Column('double precision')
  material_volume_share!: number;
  @Column('double precision')
  material_volume_scale_cm3!: number;
  @Column('double precision')
  freight_inr_per_half_kg!: number;
  @Column('double precision')
  volumetric_cm3_per_kg!: number;
  @Column('double precision')
  write_off_share!: number;
  @Column('double precision')
  damage_fixed_inr!: number;
}

/** One rung of a catalogue; `position` counts from the least protective. */
@Entity({ schema: 'packaging', name: 'package_type' })
export class PackageTypeEntity {
  @PrimaryColumn('integer', { name: 'catalogue_version' })
  catalogueVersion!: number;
  @PrimaryColumn('smallint')
  position!: number;
  @Column('text')
  code!: string;
  @Column('text')
  name!: string;
  @Column('double precision')
  material_inr!: number;
  @Column('double precision')
  added_cm!: number;
  @Column('double precision')
  tare_kg!: number;
  @Column('double precision')
  max_kg!: number;
  @Column('double precision', { nullable: true })
  max_thickness_cm!: number | null;
}

/** Shipments and damages of a product in a package on a day, as they came in `revision`. Added, never changed. */
@Entity({ schema: 'packaging', name: 'shipment_count' })
export class ShipmentCountEntity {
  @PrimaryColumn('text', { name: 'product_id', collation: 'C' })
  productId!: string;
  @PrimaryColumn('text', { collation: 'C' })
  package!: string;
  @PrimaryColumn('date')
  day!: string;
  @PrimaryColumn('bigint', { transformer: bigint })
  revision!: number;
  @Column('integer')
  shipments!: number;
  @Column('integer')
  damages!: number;
}

/** A choice of package for every product, with what it costs and its certificate. Money in INR a month. */
@Entity({ schema: 'packaging', name: 'plan' })
export class PlanEntity {
  @PrimaryGeneratedColumn('uuid')
  id!: string;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
  @Column('text')
  model!: string;
  @Column('integer', { name: 'model_version' })
  modelVersion!: number;
  @Column('text', { name: 'model_digest' })
  modelDigest!: string;
  @Column('timestamptz', { name: 'as_of' })
  asOf!: Date;
  @Column('double precision', { name: 'shipping_inr' })
  shippingInr!: number;
  @Column('double precision', { name: 'damage_inr' })
  damageInr!: number;
  @Column('double precision', { name: 'lower_bound_inr' })
  lowerBoundInr!: number;
  @Column('double precision')
  gap!: number;
  @Column('double precision', { nullable: true })
  lambda!: number | null;
  @Column('text')
  method!: string;
}

/** That recommendations follow a plan from `promotedAt` on, until the next promotion. Added, never changed. */
@Entity({ schema: 'packaging', name: 'plan_promotion' })
export class PlanPromotionEntity {
  @PrimaryColumn('uuid', { name: 'plan_id' })
  planId!: string;
  @PrimaryColumn('timestamptz', { name: 'promoted_at' })
  promotedAt!: Date;
  @PrimaryColumn('bigint', { transformer: bigint })
  revision!: number;
}

/** Everything that `connectDatabase` has to know of packaging. */
export const packagingEntities = [
  ProductEntity,
  PackageCatalogueEntity,
  PackageTypeEntity,
  ShipmentCountEntity,
  PlanEntity,
  PlanPromotionEntity,
];
