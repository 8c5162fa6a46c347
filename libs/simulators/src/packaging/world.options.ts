import { isDay } from '../files/dates.ts';
import { simulatorError } from '../simulators.errors.ts';
import { packageTypes } from './packaging.constants.ts';
import type { KnownProduct, PackagingWorldOptions } from './packaging.world.ts';

function refuse(field: string, expected: string, got: unknown, row?: number): never {
  const place = row === undefined ? `option ${field}` : `${field} of product row ${row}`;
  throw simulatorError(
    'INVALID_WORLD',
    `World: ${place}: expected ${expected}, got ${JSON.stringify(got) ?? String(got)}.`,
    {
      field,
      ...(row === undefined ? {} : { row }),
    },
  );
}

function wholeNumber(field: string, value: number, from: number, to: number): number {
  if (!Number.isSafeInteger(value) || value < from || value > to) {
    refuse(field, `a whole number from ${from} to ${to}`, String(value));
  }
  return value;
}

function checkProduct(product: KnownProduct, row: number): void {
  for (const field of ['weight_g', 'length_cm', 'width_cm', 'height_cm'] as const) {
    if (!(product[field] > 0 && product[field] < Infinity))
      refuse(field, 'a number above 0', String(product[field]), row);
  }
  for (const field of ['price_inr', 'demand'] as const) {
    const value = product[field];
    if (value != null && !(value >= 0 && value < Infinity)) refuse(field, 'a number of at least 0', String(value), row);
  }
  const code = product.current_package;
  if (code != null && !packageTypes.some((type) => type.code === code)) {
    refuse('current_package', `one of ${packageTypes.map((type) => type.code).join(', ')}`, code, row);
  }
}

/** The options with their defaults, or INVALID_WORLD. */
export function checkedOptions(options: PackagingWorldOptions): Required<PackagingWorldOptions> {
  const { seed, products = 30_000, days = 90, firstDay = '2025-01-01' } = options;
  wholeNumber('seed', seed, 0, Number.MAX_SAFE_INTEGER);
  wholeNumber('days', days, 1, 3660);
  if (typeof products === 'number') wholeNumber('products', products, 1, 10_000_000);
  else products.forEach(checkProduct);
  if (!isDay(firstDay)) refuse('firstDay', 'a day as YYYY-MM-DD', firstDay);
  return { seed, products, days, firstDay };
}
