/** A simulated world as a training snapshot holds it: counts summed by product and package. */
export function damageDataOf(world) {
  const { products, counts, packageTypes: types, tariff } = world;
  const packages = types.length;
  const shipments = new Float64Array(products.rows * packages);
  const damages = new Float64Array(products.rows * packages);
  for (let row = 0; row < counts.rows; row++) {
    const at = counts.product[row] * packages + counts.package[row];
    shipments[at] += counts.shipments[row];
    damages[at] += counts.damages[row];
  }
  const pairs = Array.from(shipments.keys()).filter((at) => shipments[at] > 0);
  return {
    catalogue: { types, tariff },
    facts: {
      rows: products.rows,
      id: products.product_id,
      category: products.category,
      weightG: products.weight_g,
      lengthCm: products.length_cm,
      widthCm: products.width_cm,
      heightCm: products.height_cm,
      priceInr: products.price_inr,
      fragile: products.fragile,
      liquid: products.liquid,
      currentPackage: products.current_package,
      demand: products.demand,
    },
    counts: {
      rows: pairs.length,
      product: Int32Array.from(pairs, (at) => Math.floor(at / packages)),
      package: Int32Array.from(pairs, (at) => at % packages),
      shipments: Float64Array.from(pairs, (at) => shipments[at]),
      damages: Float64Array.from(pairs, (at) => damages[at]),
    },
  };
}
