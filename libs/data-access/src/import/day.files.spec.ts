import { checkDayFiles } from './day.files.ts';

const tables = ['contacts', 'tests'];
const refusal = (...names: readonly string[]) => {
  try {
    checkDayFiles(names, tables);
  } catch (thrown) {
    const { code, message } = thrown as { code: string; message: string };
    return `${code} ${message}`;
  }
  return null;
};

describe('the files of a day', () => {
  it('are of its tables, in any format and order, each once', () => {
    expect(refusal('tests.jsonl', 'contacts.parquet')).toBeNull();
    expect(refusal('contacts.csv')).toBeNull();
  });

  it.each<[string, readonly string[], RegExp]>([
    [
      'one name twice',
      ['contacts.csv', 'tests.csv', 'contacts.csv'],
      /^REPEATED_DAY_FILE contacts\.csv is there twice/,
    ],
    ['a table in two formats', ['tests.csv', 'tests.jsonl'], /^REPEATED_DAY_FILE tests\.csv and tests\.jsonl are both/],
    ['a table of elsewhere', ['tests.csv', 'colours.csv'], /^UNKNOWN_DAY_FILE colours\.csv .*contacts\.\{csv,jsonl/],
    ['a format that is none', ['tests.txt'], /^UNKNOWN_DAY_FILE tests\.txt/],
    ['a name that only begins like one', ['tests.csv.csv'], /^UNKNOWN_DAY_FILE/],
  ])('are refused with %s, which is named', (_, names, said) => {
    expect(refusal(...names)).toMatch(said);
  });
});
