import {
  contactChannels,
  parseRiskParameters,
  type ContactChannel,
  type RiskParameters,
  type TestKindName,
} from '../contract/index.ts';

/** Means and standard deviations of the durations, and the rates, from which parameters are made. */
export interface TransmissionRates {
  /** P(infection from outside the contacts) of a person and day. */
  readonly external: number;
  /** Factor on the probabilities of transmission of all channels. */
  readonly scale: number;
  readonly exposedMean: number;
  readonly exposedSd: number;
  readonly infectiousMean: number;
  readonly infectiousSd: number;
}

/** P(infection) by a quarter of an hour within two metres of somebody infectious. */
const transmission: Readonly<Record<ContactChannel, number>> = {
  household: 0.02,
  school: 0.015,
  work: 0.012,
  transport: 0.01,
  leisure: 0.02,
  other: 0.015,
};

/** P(positive) in each state, by kind. */
const tests: Readonly<
  Record<TestKindName, { readonly S: number; readonly E: number; readonly I: number; readonly R: number }>
> = {
  pcr: { S: 0.005, E: 0.05, I: 0.9, R: 0.05 },
  antigen: { S: 0.003, E: 0.01, I: 0.7, R: 0.01 },
  antibody: { S: 0.01, E: 0.01, I: 0.3, R: 0.9 },
};

/** Longest duration of a state, days. */
const LONGEST = 40;

/** Parameters of the model by its rates. Errors: INVALID_PARAMETERS. */
export function parametersOfRates({ external, scale, ...durations }: TransmissionRates): RiskParameters {
  const { exposedMean, exposedSd, infectiousMean, infectiousSd } = durations;
  return parseRiskParameters({
    external,
    channels: contactChannels.map((name) => ({ name, probability: Math.min(0.999, transmission[name] * scale) })),
    exposed: gammaDays(exposedMean, exposedSd),
    infectious: gammaDays(infectiousMean, infectiousSd),
    infectivity: [1],
    tests: Object.entries(tests).map(([name, positive]) => ({ name, positive })),
    symptoms: { reported: 0.5, falseReports: 0.001, delay: [1] },
  });
}

/** Shares of 0, 1, … whole days of a gamma distribution: its density at each, none at 0, divided by their sum. */
function gammaDays(mean: number, sd: number): number[] {
  const shape = (mean / sd) ** 2;
  const scale = sd ** 2 / mean;
  const density = Array.from({ length: LONGEST + 1 }, (_, day) =>
    day === 0 ? 0 : Math.exp((shape - 1) * Math.log(day / mean) - (day - mean) / scale),
  );
  const sum = density.reduce((total, one) => total + one, 0);
  return density.map((one) => one / sum);
}
