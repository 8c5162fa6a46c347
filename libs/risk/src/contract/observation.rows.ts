import { z } from 'zod';
import { riskError } from './risk.errors.ts';

const pseudonym = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}*$/u, { error: 'text without control characters' });
const day = z.iso.date({ error: 'a day of the calendar, YYYY-MM-DD' });

/** One contact, as a row of a file. */
export const contactRowSchema = z
  .object({
    from: pseudonym.describe('Who exposed'),
    to: pseudonym.describe('Who was exposed'),
    day: day.describe('Day of the contact, YYYY-MM-DD'),
    count: z.int().gte(1).lte(65_535).default(1).describe('Units of contact'),
    channel: z.string().min(1).nullable().default(null).describe('Name of the channel; absent: the first'),
    mutual: z.boolean().default(true).describe('Whether both exposed each other'),
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], error: 'another person than from' });
export type ContactRow = z.output<typeof contactRowSchema>;

/** One test, as a row of a file. */
export const testRowSchema = z.object({
  person: pseudonym.describe('Who was tested'),
  day: day.describe('Day of the test, YYYY-MM-DD'),
  kind: z.string().min(1).nullable().default(null).describe('Name of the kind of test; absent: the first'),
  positive: z.boolean().describe('Whether the result was positive'),
});
export type TestRow = z.output<typeof testRowSchema>;

/** @throws INVALID_CONTACT with details `{ field, expected, got }` */
export function parseContactRow(raw: unknown): ContactRow {
  return parse(contactRowSchema, raw, 'INVALID_CONTACT', 'Contact');
}

/** @throws INVALID_TEST with details `{ field, expected, got }` */
export function parseTestRow(raw: unknown): TestRow {
  return parse(testRowSchema, raw, 'INVALID_TEST', 'Test');
}

function parse<Row>(schema: z.ZodType<Row>, raw: unknown, code: 'INVALID_CONTACT' | 'INVALID_TEST', what: string): Row {
  const parsed = schema.safeParse(raw, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues as [z.core.$ZodIssue];
  const field = path.join('.') || 'row';
  const expected = message.replace(/^[^:]*: expected /, '').replace(/, received .*$/, '');
  const got = (raw as Readonly<Record<string, unknown>>)[field];
  throw riskError(code, `${what}: field ${field}: expected ${expected}, got ${String(got)}`, { field, expected, got });
}
