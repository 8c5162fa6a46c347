import fc from 'fast-check';

import { CsvSplitter, csvValue } from './csv.splitter.ts';
import type { SourceRecord } from './source.record.ts';

/** Splits `text`, which arrives in pieces of `size` characters. */
function split(text: string, width: number | null, size = text.length): SourceRecord[] {
  const splitter = new CsvSplitter(width);
  const records: SourceRecord[] = [];
  const drain = (final: boolean) => {
    for (let record = splitter.next(final); record !== null; record = splitter.next(final)) records.push(record);
  };
  for (let at = 0; at < text.length; at += size) {
    splitter.push(text.slice(at, at + size));
    drain(false);
  }
  drain(true);
  return records;
}

const value = fc.string({
  unit: fc.constantFrom('a', 'ब', '😀', ' ', ',', '"', '\n', '\r\n', ';', '\t'),
  maxLength: 8,
});
const rows = fc.array(fc.array(value, { minLength: 2, maxLength: 2 }), { maxLength: 8 });

describe('CsvSplitter', () => {
  it('gives back what was written, with the line on which each record begins, however the text arrives', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 12 }), fc.constantFrom('\n', '\r\n'), (table, size, newline) => {
        let line = 1;
        const expected = table.map((fields) => {
          const record = { line, fields };
          line += 1 + fields.join('').split('\n').length - 1;
          return record;
        });
        const text = table.map((fields) => fields.map(csvValue).join(',') + newline).join('');
        expect(split(text, 2, size)).toEqual(expected);
      }),
      { seed: 7, numRuns: 2000 },
    );
  });

  it('says the same of any text, broken or not, however it arrives', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r'), maxLength: 40 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 9 }), (any, size) => {
        expect(split(any, 2, size)).toEqual(split(any, 2));
      }),
      { seed: 11, numRuns: 5000 },
    );
  });

  it.each([
    ['a quote that is never closed', '1,a\n2,"b\n3,c\n4,d\n', [2]],
    ['a quote that closes in a later line', '1,a\n2,"b\n3,"c"\n4,d\n', [2]],
    ['text after a closing quote', '1,a\n2,"b"c\n3,c\n', [2]],
    ['a quote inside a value', '1,a\n2,b "x"\n3,c\n', [2]],
    ['too few and too many values', '1,a\n2\n3,c\n4,d,e\n5,e', [2, 4]],
    ['a value over two lines that leaves too few', '1,a\n2,"b\n3,c"\n4,d\n', []],
    ['a stray quote whose pair makes too many values', '1,a\n2,"b\n3",c\n4,d\n', [2, 3]],
  ])('gives up only the line with %s', (_, text, broken) => {
    const records = split(text, 2);
    expect(records.filter(({ problem }) => problem !== undefined).map(({ line }) => line)).toEqual(broken);
    expect(records.at(-1)!.problem).toBeUndefined();
    expect(records[0]).toEqual({ line: 1, fields: ['1', 'a'] });
  });

  it('does not keep looking for a closing quote for more than a million characters', () => {
    const filler = `${'x'.repeat(99)},y\n`.repeat(12_000);
    const records = split(`"open,a\n${filler}`, 2, 1 << 16);
    expect(records[0]).toMatchObject({ line: 1, problem: expect.stringContaining('never closed') });
    expect(records).toHaveLength(12_001);
  });
});
