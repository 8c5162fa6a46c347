import { protectionSteps } from './packaging.constants.ts';

/** What of a product the physics of the world looks at. Lengths in cm. */
export interface ProductShape {
  readonly kg: number;
  readonly longest: number;
  readonly shortest: number;
  /** g/cm3. */
  readonly density: number;
  /** (1 - shortest / longest side) ^ 2, in [0, 1]. */
  readonly flat: number;
  /** min(1, ln(1 + kg) / ln 21). */
  readonly heavy: number;
}

export function shapeOf(weightG: number, lengthCm: number, widthCm: number, heightCm: number): ProductShape {
  const kg = weightG / 1000;
  const longest = Math.max(lengthCm, widthCm, heightCm);
  const shortest = Math.min(lengthCm, widthCm, heightCm);
  return {
    kg,
    longest,
    shortest,
    density: weightG / (lengthCm * widthCm * heightCm),
    flat: (1 - shortest / longest) ** 2,
    heavy: Math.min(1, Math.log1p(kg) / Math.log(21)),
  };
}

/** What the step to package `t + 1` takes off the log-odds of damage; at least 0. */
export function protectionOf(t: number, shape: ProductShape, fragility: number, liquid: number): number {
  const step = protectionSteps[t]!;
  return (
    step.constant +
    step.fragility * fragility +
    step.liquid * liquid +
    step.flat * shape.flat +
    step.boxy * (1 - shape.flat) +
    step.weight * shape.heavy
  );
}
