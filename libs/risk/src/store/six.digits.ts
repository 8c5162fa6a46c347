/** A number to the six digits that a `real` keeps. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
