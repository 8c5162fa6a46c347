import { defineModel, type FeatureSpec } from '@haat/kit';
import { z } from 'zod';
import type { RiskParameters } from '../contract/index.ts';
import { policyOptionsSchema } from './policy.options.ts';
import type { LearnedTransmission } from './learning/transmission.learning.ts';

const whole = z.int().gte(0);
const days = z.number().gte(0.5).lte(30);
const noFeatures: Readonly<Record<never, FeatureSpec>> = {};

/** What a small population did and what was observed of it, by positions: persons 0, 1, …, days 0, 1, …. */
export const transmissionInputSchema = z.object({
  seed: z.int().gte(0).default(1).describe('Seed of the chains'),
  sweeps: z.int().gte(1).lte(1_000_000).default(1_000).describe('Sweeps of each of two chains'),
  persons: z.int().gte(1).lte(100_000).describe('How many persons there are'),
  days: z.int().gte(1).lte(254).describe('How many days pass'),
  contacts: z
    .array(
      z.object({
        from: whole,
        to: whole,
        day: whole,
        channel: whole.default(0).describe('Position among the channels of the parameters'),
        units: z.int().gte(1).lte(65_535).default(1),
        mutual: z.boolean().default(true),
      }),
    )
    .default([])
    .describe('Who met whom, on which day, for how many quarters of an hour'),
  tests: z
    .array(
      z.object({
        person: whole,
        day: whole,
        kind: whole.default(0).describe('Position among the tests of the parameters'),
        positive: z.boolean(),
      }),
    )
    .default([])
    .describe('What tests said'),
  symptoms: z
    .array(z.object({ person: whole, day: whole }))
    .default([])
    .describe('Who reported symptoms, on which day'),
});
export type TransmissionInput = z.output<typeof transmissionInputSchema>;

/** What an artifact of the model holds: parameters, and no graph. */
export interface TransmissionContext {
  readonly parameters: RiskParameters;
  /** How they were estimated; absent where the options say what they are. */
  readonly learned?: Pick<LearnedTransmission, 'estimates' | 'history'>;
}

/** How the disease goes from one to another; a run of inference says by it who is infected. */
export const transmissionModel = defineModel({
  name: 'risk/transmission',
  title: 'Transmission',
  owner: 'risk',
  intendedUse:
    'Who is susceptible, exposed, infectious or removed on each of the last days, from contacts, tests and reports of symptoms, for health services that decide whom to test and to warn.',
  limitations: [
    'A probability is about a person of this model of the disease and these parameters: where contacts are not known it is carried by the rate of infection from outside.',
    'It is no diagnosis: a decision about one person needs a test.',
    'Who decides to be tested is modelled by symptoms alone.',
  ],
  kind: 'sampler',
  input: transmissionInputSchema,
  features: noFeatures,
  target: { unit: '1', doc: 'State of a person on a day: susceptible, exposed, infectious or removed' },
  outputs: {
    state: {
      dtype: 'float64',
      unit: '1',
      doc: 'P(S), P(E), P(I), P(R) of each person on each day, given everything observed',
      shape: ['persons', 'days', '4'],
    },
  },
  options: z.object({
    external: z
      .number()
      .gte(1e-12)
      .lte(0.5)
      .default(1e-4)
      .describe('P(infection from outside the contacts) of a person and day'),
    scale: z.number().gt(0).lte(100).default(1).describe('Factor on the probabilities of transmission of all channels'),
    exposedMean: days.default(4.8).describe('Days from infection to becoming infectious: mean of a gamma distribution'),
    exposedSd: days.default(2.8).describe('The same: standard deviation'),
    infectiousMean: days.default(7.5).describe('Days of being infectious: mean of a gamma distribution'),
    infectiousSd: days.default(2.5).describe('The same: standard deviation'),
    learn: z
      .boolean()
      .default(false)
      .describe('Whether the rates from outside and of all channels are estimated, from those of the other options on'),
    steps: z
      .int()
      .gte(2)
      .lte(10_000)
      .default(60)
      .describe('Of an estimation: steps of expectation and maximisation; from half of them on they are averaged'),
    sweeps: z.int().gte(1).lte(10_000).default(10).describe('The same: sweeps of each step'),
    errorSweeps: z
      .int()
      .gte(2)
      .lte(100_000)
      .default(400)
      .describe('The same: sweeps after the last step, from which standard errors are taken'),
  }),
  dayTables: ['persons', 'contacts', 'tests', 'symptoms'],
  inference: z.object({
    days: z.int().gte(2).lte(254).default(28).describe('Days of the window, the last being that of asOf'),
    sweeps: z.int().gte(10).lte(100_000).default(200).describe('Sweeps of each chain that count'),
    burnIn: z.int().gte(0).lte(100_000).default(50).describe('Sweeps of each chain before these'),
    explain: z
      .int()
      .gte(0)
      .lte(10_000)
      .default(100)
      .describe(
        'Persons whose sources of infection are kept: those with a positive test or symptoms first, then by contacts with them',
      ),
  }),
  simulation: policyOptionsSchema,
  recipe: {
    algorithm:
      'The options are the rates and durations; with `learn` the rates are estimated by Monte-Carlo expectation and maximisation, with standard errors. Held-out tests, of which neither that nor inference sees anything, judge them.',
    source:
      'Herbrich, Rastogi, Vollgraf: CRISP, a probabilistic model for individual-level COVID-19 infection risk estimation based on contact data (arXiv 2006.04942), sections 3 and 4.2; Delyon, Lavielle, Moulines, Annals of Statistics 27 (1999); Louis, JRSS B 44 (1982).',
  },
  metrics: {
    log_loss: {
      unit: 'nat',
      doc: 'Mean -ln P(result) of held-out tests whose kind goes by state, given everything else',
      better: 'lower',
    },
    base_log_loss: { unit: 'nat', doc: 'The same of the share of positive tests among the others', better: 'lower' },
    brier: {
      unit: '1',
      doc: 'Mean squared difference of P(positive) and the result of held-out tests',
      better: 'lower',
    },
  },
  gates: [{ metric: 'log_loss', noWorseThanChampion: true }],
  serving: {
    maxBatch: 1,
    timeoutMs: 60_000,
    record: 0,
    fallback: 'the last inference goes on answering, with its moment; before the first one NO_INFERENCE',
  },
});
