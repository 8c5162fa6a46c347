import { z } from 'zod';
import { testKinds } from '../contract/index.ts';

const days = z.int().gte(1).lte(254);
const share = z.number().gte(0).lte(1);
const quarantineDays = days.describe('Days of being kept apart');
const name = z.string().min(1).max(64).describe('How it is called, once in a simulation');

/** What is done about an outbreak, and how that is called: plain data. */
const policySettingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ name, kind: z.literal('none') }).describe('Nothing is done'),
  z
    .strictObject({ name, kind: z.literal('symptoms'), quarantineDays })
    .describe('Who reports symptoms is tested; who is positive is kept apart'),
  z
    .strictObject({
      name,
      kind: z.literal('tracing'),
      quarantineDays,
      lookBack: days.describe('Days of contacts that are traced'),
      depth: z.int().gte(1).lte(4).describe('1: contacts; 2: theirs too'),
    })
    .describe('The same, and whom a positive person met lately is kept apart too, tested with what tests are left'),
  z
    .strictObject({
      name,
      kind: z.literal('published'),
      sweeps: z.int().gte(1).lte(10_000).describe('Sweeps a day, all counted'),
      isolate: share.describe('Kept apart above this P(E or I)'),
      release: share.describe('Let go above this P(S or R)'),
      quarantineDays,
    })
    .describe(
      'Risk as published (Herbrich, Rastogi, Vollgraf, arXiv 2006.04942, section 5.2 and its code): so many sweeps a day from the state of yesterday, states and not laws; ten times the rate from outside; reports choose tests and are no evidence. Tests that are left go to the highest risk among who is not kept apart',
    ),
  z
    .strictObject({
      name,
      kind: z.literal('risk'),
      warmUp: z.int().gte(0).lte(10_000).describe('Sweeps a day before any counts'),
      sweeps: z.int().gte(2).lte(10_000).describe('Sweeps a day that count'),
      isolate: share.describe('Kept apart above this P(I today)'),
      horizon: days.describe('Days to come that count in choosing tests'),
    })
    .describe(
      'Risk with reports as evidence; kept apart is, each day anew, who is probably infectious today; tests that are left go where they avert most',
    ),
]);
export type PolicySetting = z.output<typeof policySettingSchema>;

/** Sweeps of all persons and days that a policy draws a day: none of a rule, whose day counts once. */
export function sweepsOf(setting: PolicySetting): number {
  if (setting.kind === 'risk') return setting.warmUp + setting.sweeps;
  return setting.kind === 'published' ? setting.sweeps : 1;
}

/** Most persons x days x sweeps a day of one policy in one outbreak; the published experiment has 15,000,000. */
export const mostSweptDays = 100_000_000;
/** Most seeds x policies of a simulation: 500 seeds of four policies. */
export const mostPolicyRuns = 2_000;

const together = `; persons x days x sweeps a day of a policy (1 of a rule) are ${mostSweptDays} at the most`;

/** What is compared where nobody says otherwise. */
const compared: PolicySetting[] = [
  { name: 'none', kind: 'none' },
  { name: 'symptoms', kind: 'symptoms', quarantineDays: 14 },
  { name: 'tracing', kind: 'tracing', quarantineDays: 14, lookBack: 5, depth: 1 },
  { name: 'risk', kind: 'risk', warmUp: 4, sweeps: 16, isolate: 0.05, horizon: 14 },
];

/** From one to 16 policies, in the order in which they are told: a list, since objects lose the order of their fields in `jsonb`. */
export const policiesSchema = z
  .array(policySettingSchema)
  .min(1, { error: 'expected at least one policy' })
  .max(16, { error: 'expected at most 16 policies' })
  .superRefine((policies, context) => {
    const names = policies.map(({ name }) => name);
    const again = names.findIndex((name, at) => names.indexOf(name) < at);
    if (again >= 0)
      context.addIssue({
        code: 'custom',
        path: [again, 'name'],
        message: `expected each name once, got "${names[again]}" again`,
      });
  });

/** Options of a run that lets policies meet outbreaks in a city, under the parameters of a version. */
export const policyOptionsSchema = z.object({
  persons: z.int().gte(2).lte(100_000).default(1_000).describe(`Persons of the city${together}`),
  days: z.int().gte(2).lte(254).default(100).describe(`Days that pass${together}`),
  start: z.int().gte(0).lte(253).default(20).describe('First day on which anything is done'),
  capacity: z.int().gte(0).lte(100_000).default(10).describe('Tests a day'),
  kind: z.enum(testKinds).default('pcr').describe('Kind of the tests'),
  adoption: share.default(1).describe('Share of persons who have the app, which records contacts and reports'),
  policies: policiesSchema
    .default(compared)
    .describe(
      `What is done, told in this order, from one to 16: each policy meets the outbreak of each seed, ${mostPolicyRuns} meetings at the most`,
    ),
});
export type PolicyOptions = z.output<typeof policyOptionsSchema>;
