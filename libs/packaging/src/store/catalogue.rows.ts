import { packageCatalogue, type PackageCatalogue } from '../contract/index.ts';

const tariffColumns =
  'material_volume_share, material_volume_scale_cm3, freight_inr_per_half_kg, volumetric_cm3_per_kg, write_off_share, damage_fixed_inr';
const typeColumns = 'code, name, material_inr, added_cm, tare_kg, max_kg, max_thickness_cm';

export type CatalogueTuple = [
  point: number,
  version: number,
  materialVolumeShare: number,
  materialVolumeScaleCm3: number,
  freightInrPerHalfKg: number,
  volumetricCm3PerKg: number,
  writeOffShare: number,
  damageFixedInr: number,
  code: string,
  name: string,
  materialInr: number,
  addedCm: number,
  tareKg: number,
  maxKg: number,
  maxThicknessCm: number | null,
];

/** For each point of a spine (`$1` moments, `$2` revisions) the types of the catalogue in force there, with its tariff. */
export const catalogueQuery = `select spine.position::int, catalogue.version, ${tariffColumns}, ${typeColumns}
  from unnest($1::timestamptz[], $2::bigint[]) with ordinality as spine (as_of, revision, position)
  cross join lateral (
    select * from packaging.package_catalogue
    where valid_from <= spine.as_of and package_catalogue.revision <= spine.revision
    order by valid_from desc, package_catalogue.revision desc limit 1
  ) catalogue
  join packaging.package_type type on type.catalogue_version = catalogue.version
  order by spine.position, type.position`;

/** Selected rows to one catalogue for each point; points with the same version share one. */
export function cataloguesOf(rows: readonly CatalogueTuple[]): ReadonlyMap<number, PackageCatalogue> {
  const byPoint = Map.groupBy(rows, ([point]) => point);
  const byVersion = new Map<number, PackageCatalogue>();
  return new Map(
    Array.from(byPoint, ([point, types]) => {
      const [, version] = types[0]!;
      const known = byVersion.get(version) ?? catalogueOf(types);
      byVersion.set(version, known);
      return [point, known];
    }),
  );
}

function catalogueOf(rows: readonly CatalogueTuple[]): PackageCatalogue {
  const [, , share, scale, freight, volumetric, writeOff, fixed] = rows[0]!;
  return packageCatalogue(
    rows.map(([, , , , , , , , code, name, material_inr, added_cm, tare_kg, max_kg, max_thickness_cm]) => ({
      code,
      name,
      material_inr,
      added_cm,
      tare_kg,
      max_kg,
      max_thickness_cm,
    })),
    {
      material_volume_share: share,
      material_volume_scale_cm3: scale,
      freight_inr_per_half_kg: freight,
      volumetric_cm3_per_kg: volumetric,
      write_off_share: writeOff,
      damage_fixed_inr: fixed,
    },
  );
}
