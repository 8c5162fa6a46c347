import { packagingError, type PackageCatalogue, type ProductFacts } from '../../contract/index.ts';
import type { CostTable, PlanTotals } from './plan.types.ts';

/**
 * Costs of n products in K packages (research 1.7). With the outer volume v = (l + a)(w + a)(h + a), cm3, and the packed weight
 * m = weight + tare, kg: S = demand * (material * (1 + share * ln(1 + v / scale)) + freight * ceil(2 * max(m, v / volumetric)));
 * G = demand * p * (write-off share * price + fixed). A package takes a product by its weight and its smallest dimension,
 * and where both costs are finite.
 *
 * @param probability damage probabilities [n, K], row-major; NaN where there is none
 */
export function costTable(
  facts: ProductFacts,
  catalogue: PackageCatalogue,
  probability: Float64Array | Float32Array,
): CostTable {
  const { rows } = facts;
  const { types, tariff } = catalogue;
  const packages = types.length;
  if (probability.length !== rows * packages) {
    throw new RangeError(`costTable: expected ${rows} x ${packages} probabilities, got ${probability.length}`);
  }
  const material = Float64Array.from(types, (type) => type.material_inr);
  const added = Float64Array.from(types, (type) => type.added_cm);
  const tare = Float64Array.from(types, (type) => type.tare_kg);
  const maxKg = Float64Array.from(types, (type) => type.max_kg);
  const maxThickness = Float64Array.from(types, (type) => type.max_thickness_cm ?? Infinity);
  const share = tariff.material_volume_share;
  const scale = tariff.material_volume_scale_cm3;
  const freight = tariff.freight_inr_per_half_kg;
  const volumetric = tariff.volumetric_cm3_per_kg;
  const shipping = new Float64Array(rows * packages);
  const damage = new Float64Array(rows * packages);
  const feasible = new Uint8Array(rows * packages);
  for (let row = 0, at = 0; row < rows; row++) {
    const kg = facts.weightG[row]! / 1000;
    const length = facts.lengthCm[row]!;
    const width = facts.widthCm[row]!;
    const height = facts.heightCm[row]!;
    const thickness = Math.min(length, width, height);
    const demand = facts.demand[row]!;
    const damagedUnit = demand * (tariff.write_off_share * facts.priceInr[row]! + tariff.damage_fixed_inr);
    for (let k = 0; k < packages; k++, at++) {
      const a = added[k]!;
      const volume = (length + a) * (width + a) * (height + a);
      const charged = Math.max(kg + tare[k]!, volume / volumetric);
      const unit = material[k]! * (1 + share * Math.log1p(volume / scale)) + freight * Math.ceil(2 * charged);
      shipping[at] = demand * unit;
      damage[at] = probability[at]! * damagedUnit;
      const priced = Number.isFinite(shipping[at]! + damage[at]!);
      feasible[at] = Number(priced && kg <= maxKg[k]! && thickness <= maxThickness[k]!);
    }
  }
  return { rows, packages, shipping, damage, feasible };
}

/** Rows that no package type takes. Leave them out before planning. */
export function infeasibleRows({ rows, packages, feasible }: CostTable): Int32Array {
  const found: number[] = [];
  for (let row = 0; row < rows; row++) {
    const from = row * packages;
    if (!feasible.subarray(from, from + packages).includes(1)) found.push(row);
  }
  return Int32Array.from(found);
}

/**
 * Least shipping + damage for every product; the cheaper package on a tie.
 *
 * @throws NO_FEASIBLE_PACKAGE
 */
export function leastTotalCost(table: CostTable): PlanTotals & { readonly assignment: Uint8Array } {
  const { rows, packages, shipping, damage, feasible } = table;
  const assignment = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    let best = -1;
    for (let at = row * packages; at < (row + 1) * packages; at++) {
      if (feasible[at] === 0) continue;
      const difference = best < 0 ? -1 : shipping[at]! + damage[at]! - (shipping[best]! + damage[best]!);
      if (difference < 0 || (difference === 0 && shipping[at]! < shipping[best]!)) best = at;
    }
    if (best < 0) throw noFeasiblePackage(table, row);
    assignment[row] = best - row * packages;
  }
  return { assignment, ...totalsOf(table, assignment) };
}

export function noFeasiblePackage(table: CostTable, row: number) {
  return packagingError(
    'NO_FEASIBLE_PACKAGE',
    `Product row ${row}: none of the ${table.packages} package types takes it (weight or thickness); leave it out of the plan.`,
    { row, packages: table.packages },
  );
}

/**
 * Today's package of each product. Where none is recorded, or one that the catalogue lacks or that does not take the product, the
 * least total cost is assumed; `assumed` counts these.
 *
 * @throws NO_FEASIBLE_PACKAGE
 */
export function currentAssignment(
  facts: ProductFacts,
  catalogue: PackageCatalogue,
  table: CostTable,
): { readonly assignment: Uint8Array; readonly assumed: number } {
  const position = new Map(catalogue.types.map(({ code }, k) => [code, k]));
  const { assignment } = leastTotalCost(table);
  let assumed = 0;
  facts.currentPackage.forEach((code, row) => {
    const k = code === null ? undefined : position.get(code);
    if (k !== undefined && table.feasible[row * table.packages + k] === 1) assignment[row] = k;
    else assumed++;
  });
  return { assignment, assumed };
}

/** What an assignment costs a month. */
export function totalsOf({ rows, packages, shipping, damage }: CostTable, assignment: Uint8Array): PlanTotals {
  let totalShipping = 0;
  let totalDamage = 0;
  for (let row = 0; row < rows; row++) {
    const at = row * packages + assignment[row]!;
    totalShipping += shipping[at]!;
    totalDamage += damage[at]!;
  }
  return { shipping: totalShipping, damage: totalDamage };
}
