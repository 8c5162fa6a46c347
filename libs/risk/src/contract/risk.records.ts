import { z } from 'zod';
import { riskRecordError } from './record.errors.ts';
import { contactChannels, testKinds, testResults } from './risk.vocabulary.ts';

/** A pseudonym: letters, digits, `-` and `_`. What names a person elsewhere, such as a telephone number with its `+`, is refused. */
const pseudonym = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, {
    error: 'expected a pseudonym: a letter, then up to 63 letters, digits, - or _',
  })
  .describe('Pseudonym of the person; nothing else names anybody here');
const day = z.iso.date().describe('Day, YYYY-MM-DD');

/** One person, as a row of a file. */
export const personRecordSchema = z.object({
  person_id: pseudonym,
  region: z
    .int()
    .gte(0)
    .lte(65_535)
    .default(0)
    .describe('Number of the region, for the rate of infection from outside'),
  reports: z
    .boolean()
    .default(true)
    .describe('Would report symptoms, as one with the app, so that no report says something too'),
});
export type PersonRecord = z.output<typeof personRecordSchema>;

/** One contact of two persons on a day. */
export const contactRecordSchema = z
  .object({
    from_id: pseudonym,
    to_id: pseudonym,
    day,
    channel: z.enum(contactChannels).default('other').describe('Where they met'),
    units: z
      .int()
      .gte(0)
      .lte(65_535)
      .describe('Quarters of an hour within two metres, weighted by distance; 0 takes the contact back'),
    mutual: z.boolean().default(true).describe('Both exposed each other; false: only from_id exposed to_id'),
  })
  .refine(({ from_id: from, to_id: to }) => from !== to, {
    path: ['to_id'],
    error: 'expected another person than from_id',
  });
export type ContactRecord = z.output<typeof contactRecordSchema>;

/** One test. */
export const testRecordSchema = z.object({
  test_id: pseudonym.describe('Identifier of the test: a further row of it on its day corrects the one before'),
  person_id: pseudonym,
  day: day.describe('Day on which the sample was taken, YYYY-MM-DD'),
  kind: z.enum(testKinds),
  result: z.enum(testResults).describe('What it said; `retracted` takes it back'),
});
export type TestRecord = z.output<typeof testRecordSchema>;

/** Symptoms that somebody reported. */
export const symptomRecordSchema = z.object({
  person_id: pseudonym,
  day: day.describe('Day of the report, YYYY-MM-DD'),
  reported: z.boolean().default(true).describe('False takes the report back'),
});
export type SymptomRecord = z.output<typeof symptomRecordSchema>;

/** A row from outside; `place` names it in messages. Errors: INVALID_RISK_RECORD with details `{ field, expected, got }`. */
export function parseRiskRecord<S extends z.ZodType>(schema: S, raw: unknown, place = 'Row'): z.output<S> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues as [z.core.$ZodIssue];
  const field = path.map(String).join('.') || 'row';
  const got = path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step], raw);
  const expected = message.replace(/^Invalid input: /, '').replace(/^expected /, '');
  throw riskRecordError('INVALID_RISK_RECORD', `${place}: field ${field}: expected ${expected}, got ${String(got)}`, {
    field,
    expected,
    got: String(got),
  });
}
