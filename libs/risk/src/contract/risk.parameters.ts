import { z } from 'zod';
import { riskError } from './risk.errors.ts';

/** How far the sum of a distribution may be from one: rounding to ten printed digits passes. It is divided by its sum. */
export const SUM_TOLERANCE = 1e-6;

/** Longest duration of a state, days. */
const LONGEST_DAYS = 120;

const probability = z.number().gte(0).lte(1);
/** 0 would forbid what is observed, 1 would make it certain; neither has a logarithm. */
const rate = z
  .number()
  .gte(1e-15)
  .lte(1 - 1e-9);

const distribution = z
  .array(z.number().gte(0).lte(1))
  .min(1)
  .max(LONGEST_DAYS + 1)
  .refine((shares) => Math.abs(sum(shares) - 1) <= SUM_TOLERANCE, {
    error: (issue) => `expected shares that sum to one, got a sum of ${sum(issue.input as number[])}`,
  });

/** Shares of durations; the index is the number of whole days, and nobody leaves a state on the day of entering it. */
const durations = distribution.refine((shares) => shares[0] === 0 && shares.length > 1, {
  error: 'expected share 0 for zero days, and shares of at least one day',
});

const byState = z.strictObject({
  S: probability.describe('Susceptible'),
  E: probability.describe('Exposed: infected, not yet infectious'),
  I: probability.describe('Infectious'),
  R: probability.describe('Removed'),
});

/** One kind of test: how probable a positive result is, by state or by days since infection. */
export const testKindSchema = z.union([
  z.strictObject({
    name: z.string().min(1),
    positive: byState.describe('P(positive) in each state'),
  }),
  z.strictObject({
    name: z.string().min(1),
    uninfected: probability.describe('P(positive) before infection'),
    sinceInfection: z
      .array(probability)
      .min(1)
      .describe('P(positive) on day 0, 1, … since infection; the last value holds for ever after'),
  }),
]);

export const symptomParametersSchema = z.strictObject({
  reported: rate.describe('P(onset is reported), for somebody who reports'),
  falseReports: rate.describe('P(report without infection) for a person and day'),
  delay: distribution.describe('Shares of days from becoming infectious to the report; index 0 is the same day'),
});

export const riskParametersSchema = z.strictObject({
  external: z
    .union([rate, z.array(z.array(rate).min(1)).min(1)])
    .describe('P(infection from outside) of a person and day; or a list by region, each a list by day of the window'),
  channels: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        probability: z
          .number()
          .gte(0)
          .lte(1 - 1e-9)
          .describe('P(infection) by one unit of contact with an infectious person'),
      }),
    )
    .min(1)
    .max(255),
  exposed: durations.describe('Distribution of days from infection to becoming infectious'),
  infectious: durations.describe('Distribution of days of being infectious'),
  infectivity: z
    .array(z.number().gte(0).lte(100))
    .min(1)
    .describe(
      'Factor on exposure (in nats) on day 0, 1, … of being infectious; the last value holds on; [1]: constant',
    ),
  tests: z.array(testKindSchema).max(255),
  symptoms: symptomParametersSchema.nullable().describe('Null: reports of symptoms are no evidence'),
});

export type TestKind = z.output<typeof testKindSchema>;
export type SymptomParameters = z.output<typeof symptomParametersSchema>;
/** The transmission model's parameters. One `external` rate holds for everybody and every day. */
export type RiskParameters = z.output<typeof riskParametersSchema>;

/**
 * Parameters from outside, distributions divided by their sums.
 * Errors: INVALID_PARAMETERS with details `{ field, expected }`.
 */
export function parseRiskParameters(raw: unknown, place = 'Parameters'): RiskParameters {
  const parsed = riskParametersSchema.safeParse(raw);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues as [z.core.$ZodIssue];
    const field = path.join('.') || 'all';
    throw riskError('INVALID_PARAMETERS', `${place}: field ${field}: ${message}`, { field, expected: message });
  }
  const { exposed, infectious, symptoms, ...others } = parsed.data;
  return {
    ...others,
    exposed: normalised(exposed),
    infectious: normalised(infectious),
    symptoms: symptoms && { ...symptoms, delay: normalised(symptoms.delay) },
  };
}

function sum(shares: readonly number[]): number {
  return shares.reduce((total, share) => total + share, 0);
}

/** Shares of one, without zeros at the end. */
function normalised(shares: readonly number[]): number[] {
  const total = sum(shares);
  return shares.slice(0, shares.findLastIndex((share) => share > 0) + 1).map((share) => share / total);
}
