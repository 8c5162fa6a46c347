import { z } from 'zod';
import { isDomainError } from './error.ts';
import { parseRow } from './row.parse.ts';

const schema = z.object({ weight_g: z.number().gt(0), late: z.boolean().nullable().default(null) });

const refused = (raw: unknown) => {
  try {
    return parseRow(schema, raw, 'line 7');
  } catch (thrown) {
    if (!isDomainError(thrown)) throw thrown;
    return [thrown.code, thrown.details['field'], thrown.message.slice(0, 22)];
  }
};

it('makes a row as the schema says, and nothing else of it', () => {
  expect(parseRow(schema, { weight_g: 2, more: 1 })).toEqual({ weight_g: 2, late: null });
});

it.each([
  ['a number out of range', { weight_g: 0 }, 'weight_g'],
  ['no number', { weight_g: NaN }, 'weight_g'],
  ['a field that is missing', {}, 'weight_g'],
  ['another type', { weight_g: 1, late: 'yes' }, 'late'],
])('names the place and the field of %s', (_, raw, field) => {
  expect(refused(raw)).toEqual(['INVALID_ROW', field, `line 7: field ${field}: Invalid`.slice(0, 22)]);
});

it('names the row where it is none', () => {
  expect(refused(null)).toEqual(['INVALID_ROW', 'row', 'line 7: field row: Inv']);
});
