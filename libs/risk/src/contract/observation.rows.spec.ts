import { parseContactRow, parseTestRow } from './observation.rows.ts';

const contact = { from: 'a', to: 'b', day: '2026-02-03' };
const test = { person: 'a', day: '2026-02-03', positive: true };

describe('rows of contacts and tests', () => {
  it('are one unit of the first channel, both ways, where they do not say otherwise', () => {
    expect(parseContactRow(contact)).toEqual({ ...contact, count: 1, channel: null, mutual: true });
    expect(parseTestRow(test)).toEqual({ ...test, kind: null });
  });

  it.each([
    [{ ...contact, to: 'a' }, 'to', 'another person than from'],
    [{ ...contact, count: -1 }, 'count', '>=1'],
    [{ ...contact, count: 1.5 }, 'count', 'int'],
    [{ ...contact, day: '2026-02-30' }, 'day', 'a day of the calendar'],
    [{ ...contact, from: '' }, 'from', '>=1'],
    [{ ...contact, mutual: 'perhaps' }, 'mutual', 'boolean'],
  ])('%j is refused by its field', (raw, field, part) => {
    expect(() => parseContactRow(raw)).toThrow(
      expect.objectContaining({
        code: 'INVALID_CONTACT',
        message: expect.stringContaining(part),
        details: expect.objectContaining({ field }),
      }),
    );
  });

  it('a result that is none is refused', () => {
    expect(() => parseTestRow({ ...test, positive: undefined })).toThrow(
      expect.objectContaining({ code: 'INVALID_TEST' }),
    );
  });
});
