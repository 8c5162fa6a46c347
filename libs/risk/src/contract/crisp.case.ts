import { z } from 'zod';
import { checkProblem } from './problem.check.ts';
import { riskError } from './risk.errors.ts';
import { parseRiskParameters, type RiskParameters } from './risk.parameters.ts';
import { contactColumns, MOST_DAYS, symptomColumns, testColumns, type RiskProblem } from './risk.problem.ts';

const whole = z.int().gte(0);
const count = z.int().gte(1).lte(65_535);
const share = z.number().gte(0).lte(1);

/**
 * The format crisp-case-v1 of cases of the published model (Herbrich, Rastogi, Vollgraf, "CRISP", arXiv 2006.04942). Contacts are
 * `[from, to, day, count]` or `[from, to, day, count, channel]`, directed; tests `[person, day, outcome]` or
 * `[person, day, outcome, kind]`.
 */
export const crispCaseSchema = z.object({
  format: z.literal('crisp-case-v1'),
  name: z.string().default(''),
  S: z.int().gte(1).describe('Persons'),
  T: z.int().gte(1).lte(MOST_DAYS).describe('Days'),
  params: z.object({
    p0: z.number().describe('P(infection from outside) of a person and day'),
    p1: z.number().describe('P(infection) by one unit of contact'),
    channels: z.array(z.number()).optional().describe('The same by channel; replaces p1'),
    alpha: share.default(0).describe('P(negative | I)'),
    beta: share.default(0).describe('P(positive | not I)'),
    qE: z.array(z.number()).describe('Shares of days in E; index 0 is zero days'),
    qI: z.array(z.number()).describe('Shares of days in I'),
  }),
  testModels: z
    .array(
      z.object({
        name: z.string().default('test'),
        pPositive: z.object({ S: share, E: share, I: share, R: share }),
      }),
    )
    .optional(),
  contacts: z.array(z.union([z.tuple([whole, whole, whole, count]), z.tuple([whole, whole, whole, count, whole])])),
  tests: z.array(
    z.union([z.tuple([whole, whole, z.literal([0, 1])]), z.tuple([whole, whole, z.literal([0, 1]), whole])]),
  ),
});
export type CrispCase = z.output<typeof crispCaseSchema>;

/** A case and the problem that it states. */
export interface ReadCase {
  readonly name: string;
  readonly problem: RiskProblem;
}

/**
 * The problem of a case of the format crisp-case-v1.
 * @throws INVALID_CASE with details `{ field, expected }`, and what `checkProblem` throws
 */
export function readCrispCase(raw: unknown, place = 'Case'): ReadCase {
  const parsed = crispCaseSchema.safeParse(raw);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues as [z.core.$ZodIssue];
    const field = path.join('.') || 'all';
    throw riskError('INVALID_CASE', `${place}: field ${field}: ${message}`, { field, expected: message });
  }
  const { S: persons, T: days, contacts, tests, name } = parsed.data;
  const parameters = parametersOf(parsed.data, place);
  for (const [at, [from, to, day, , channel = 0]] of contacts.entries()) {
    requireBelow('INVALID_CONTACT', `${place}: contact ${at}`, 'person', persons, Math.max(from, to));
    requireBelow('INVALID_CONTACT', `${place}: contact ${at}`, 'day', days, day);
    requireBelow('INVALID_CONTACT', `${place}: contact ${at}`, 'channel', parameters.channels.length, channel);
  }
  for (const [at, [person, day, , kind = 0]] of tests.entries()) {
    requireBelow('INVALID_TEST', `${place}: test ${at}`, 'person', persons, person);
    requireBelow('INVALID_TEST', `${place}: test ${at}`, 'day', days, day);
    requireBelow('INVALID_TEST', `${place}: test ${at}`, 'kind', parameters.tests.length, kind);
  }
  const problem: RiskProblem = {
    persons,
    days,
    parameters,
    region: null,
    contacts: [contactColumns(contacts.map(([from, to, day, count, channel]) => ({ from, to, day, count, channel })))],
    tests: testColumns(
      tests.map(([person, day, outcome, kind]) => ({
        person,
        day,
        positive: outcome === 1,
        ...(kind !== undefined && { kind }),
      })),
    ),
    symptoms: symptomColumns([]),
    reporting: null,
    initial: null,
  };
  checkProblem(problem);
  return { name, problem };
}

function parametersOf({ params, testModels }: CrispCase, place: string): RiskParameters {
  const { p0, p1, channels = [p1], alpha, beta, qE, qI } = params;
  const infectionTest = { name: 'infection', pPositive: { S: beta, E: beta, I: 1 - alpha, R: beta } };
  return parseRiskParameters(
    {
      external: p0,
      channels: channels.map((probability, at) => ({ name: `channel ${at}`, probability })),
      exposed: qE,
      infectious: qI,
      infectivity: [1],
      tests: (testModels ?? [infectionTest]).map(({ name, pPositive }) => ({ name, positive: pPositive })),
      symptoms: null,
    },
    place,
  );
}

/** Before numbers become columns, whose elements would wrap. */
function requireBelow(
  code: 'INVALID_CONTACT' | 'INVALID_TEST',
  place: string,
  what: string,
  bound: number,
  got: number,
): void {
  if (got >= bound) throw riskError(code, `${place}: expected a ${what} below ${bound}, got ${got}`, { place, got });
}
