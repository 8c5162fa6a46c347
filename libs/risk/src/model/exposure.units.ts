import type { RiskParameters } from '../contract/index.ts';
import type { ContactIndex } from './contacts/contact.index.ts';
import { exposureWeights } from './exposure.weights.ts';

/** Most that the exposures of a person and day may add up to, in units: sums of two stay below 2^31. */
export const MOST_UNITS = 2 ** 30;

/** A unit is no smaller: finer is no use beside other errors. */
const FINEST = 2 ** -40;

/** Days of being infectious with one factor of infectivity. */
export interface InfectivityPhase {
  /** First and behind the last day of being infectious; the last phase ends never. */
  readonly from: number;
  readonly to: number;
  readonly factor: number;
}

/** Exposures as whole numbers of a unit, so that their sums depend on no order and never drift. */
export interface ExposureUnits {
  /** Nat. */
  readonly unit: number;
  readonly phases: readonly InfectivityPhase[];
  /** [phases, classes]: units of each class of exposure in each phase. */
  readonly units: Int32Array;
  /** [classes]: the same at infectivity 1. */
  readonly plain: Int32Array;
  /** [classes]: the same of what the other does to the person. */
  readonly returned: Int32Array;
  readonly classes: number;
  /** Most that the exposures of a person and day add up to, in units. */
  readonly most: number;
}

/**
 * Where contacts of one channel are all there is, and infectivity does not change, the unit is what one of them weighs: exposures are counts, without any error, and fit in bytes. Else
 * it is the finest: the relative error of a weight is about 1e-9 times the number of contacts a day.
 */
export function exposureUnits(
  parameters: RiskParameters,
  { exposures, channels, mirror, mostOnADay }: ContactIndex,
): ExposureUnits {
  const weights = exposureWeights(parameters);
  const classes = exposures.length / channels;
  const nats = Float64Array.from({ length: classes }, (_, at) =>
    weights.reduce((sum, weight, channel) => sum + weight * exposures[at * channels + channel]!, 0),
  );
  const phases = infectivityPhases(parameters.infectivity);
  const heaviest = largest(nats) * Math.max(1, ...phases.map(({ factor }) => factor)) * Math.max(1, mostOnADay);
  const met = weights.filter((_, channel) => exposures.some((count, at) => count > 0 && at % channels === channel));
  const alike = met.length === 1 && phases.every(({ factor }) => factor === 1);
  const unit = Math.max(alike ? met[0]! : 0, finestUnit(heaviest));
  const plain = Int32Array.from(nats, (nat) => Math.round(nat / unit));
  const units = Int32Array.from(
    phases.flatMap(({ factor }) => [...nats].map((nat) => Math.round((nat * factor) / unit))),
  );
  return {
    unit,
    phases,
    units,
    plain,
    returned: Int32Array.from(mirror, (kind) => plain[kind]!),
    classes,
    most: Math.max(largest(units), largest(plain)) * mostOnADay,
  };
}

/** 0 of none. */
function largest(values: Float64Array | Int32Array): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}

/** The unit in which so many nats, the exposures of the person and day with most contacts, were all of the heaviest class, have 30 bits. */
export function finestUnit(heaviest: number): number {
  return Math.max(FINEST, 2 ** Math.ceil(Math.log2(heaviest / MOST_UNITS)));
}

/** Runs of equal factors. */
export function infectivityPhases(infectivity: readonly number[]): readonly InfectivityPhase[] {
  const starts = infectivity
    .map((_, age) => age)
    .filter((age) => age === 0 || infectivity[age] !== infectivity[age - 1]);
  return starts.map((from, k) => ({ from, to: starts[k + 1] ?? Infinity, factor: infectivity[from]! }));
}
