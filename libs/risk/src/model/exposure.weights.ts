import type { RiskParameters } from '../contract/index.ts';

/** Of each channel, what one unit of contact weighs: minus ln P(escape), nat. */
export function exposureWeights({ channels }: RiskParameters): Float64Array {
  return Float64Array.from(channels, ({ probability }) => -Math.log1p(-probability));
}

/** The factor on exposure on a day of being infectious; day 0 is the first. */
export function infectivityOn({ infectivity }: RiskParameters, age: number): number {
  return infectivity[Math.min(age, infectivity.length - 1)]!;
}
