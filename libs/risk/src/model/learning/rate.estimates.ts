import type { RiskParameters } from '../../contract/index.ts';
import type { Weights } from './transmission.likelihood.ts';

/** One estimated probability. */
export interface RateEstimate {
  /** Name of the channel; `external` for the rate from outside (its factor, where it goes by region and day). */
  readonly name: string;
  readonly value: number;
  /** Standard error of the logarithm of the exposure, nat; null where what is observed says nothing of it. */
  readonly lnError: number | null;
  /** 95 % interval; null likewise. */
  readonly low: number | null;
  readonly high: number | null;
}

const NORMAL_95 = 1.959963984540054;

/** The factor on external rates as the rate itself where there is one alone, and weights as probabilities. */
export function valuesOf({ external }: RiskParameters, weights: Weights): number[] {
  const [factor, ...others] = weights;
  return [
    typeof external === 'number' ? scaledRate(external, factor!) : factor!,
    ...others.map((weight) => -Math.expm1(-weight)),
  ];
}

/** The external rate first, then each channel. */
export function estimatesOf(
  parameters: RiskParameters,
  weights: Weights,
  lnErrors: readonly (number | null)[],
): readonly RateEstimate[] {
  return valuesOf(parameters, weights).map((value, k) => estimateOf(parameters, k, value, weights[k]!, lnErrors[k]!));
}

function estimateOf(
  { external, channels }: RiskParameters,
  k: number,
  value: number,
  weight: number,
  lnError: number | null,
): RateEstimate {
  const name = k === 0 ? 'external' : channels[k - 1]!.name;
  if (lnError === null) return { name, value, lnError, low: null, high: null };
  const at = (way: number) => {
    const moved = Math.exp(way * NORMAL_95 * lnError);
    if (k > 0) return -Math.expm1(-weight * moved);
    return typeof external === 'number' ? scaledRate(external, weight * moved) : weight * moved;
  };
  return { name, value, lnError, low: at(-1), high: at(1) };
}

export function parametersWith(parameters: RiskParameters, [factor, ...others]: Weights): RiskParameters {
  const { external, channels } = parameters;
  return {
    ...parameters,
    external:
      typeof external === 'number'
        ? scaledRate(external, factor!)
        : external.map((byDay) => byDay.map((rate) => scaledRate(rate, factor!))),
    channels: channels.map((channel, k) => ({ ...channel, probability: -Math.expm1(-others[k]!) })),
  };
}

/** A rate whose exposure is multiplied; never so small that it has no logarithm. */
function scaledRate(rate: number, factor: number): number {
  return Math.max(1e-15, -Math.expm1(factor * Math.log1p(-rate)));
}
