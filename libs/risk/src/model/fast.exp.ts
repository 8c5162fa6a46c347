/** Steps of the tables in one nat. */
const STEPS = 64;
/** From here on the exponential is the library's. */
const TABLE_END = 16;
/** exp(-k / STEPS), and its complement. */
export const atStep = Float64Array.from({ length: STEPS * TABLE_END + 1 }, (_, k) => Math.exp(-k / STEPS));
export const belowOne = Float64Array.from({ length: STEPS * TABLE_END + 1 }, (_, k) => -Math.expm1(-k / STEPS));

/** 1 - exp(-r) for |r| <= 1/128: the series to the fifth power, relative error below 1e-15. */
function shortComplement(r: number): number {
  return r * (1 - r * (1 / 2 - r * (1 / 6 - r * (1 / 24 - r * (1 / 120 - r / 720)))));
}

/** exp(-x) for x >= 0, relative error below 1e-15: a table and a short series. */
export function expNegative(x: number): number {
  if (x >= TABLE_END) return Math.exp(-x);
  const k = (x * STEPS + 0.5) | 0;
  return atStep[k]! * (1 - shortComplement(x - k / STEPS));
}

/** 1 - exp(-x) for x >= 0, relative error below 1e-15 also where x is tiny. */
export function complementOfExp(x: number): number {
  if (x >= TABLE_END) return -Math.expm1(-x);
  const k = (x * STEPS + 0.5) | 0;
  return belowOne[k]! + atStep[k]! * shortComplement(x - k / STEPS);
}
