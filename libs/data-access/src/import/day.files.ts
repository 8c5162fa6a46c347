import { dataAccessError } from '../data-access.errors.ts';
import { tableFormats } from '../table/source.records.ts';

/**
 * Refuses names of the files of a day that cannot be put into one folder and imported: each must be the name of one of `tables` with
 * the ending of a format, and no table may be there twice.
 *
 * @throws UNKNOWN_DAY_FILE, REPEATED_DAY_FILE; the message names the file
 */
export function checkDayFiles(names: readonly string[], tables: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const table = tables.find((one) => tableFormats.some((format) => name === `${one}.${format}`));
    if (table === undefined) {
      const expected = tables.map((one) => `${one}.{${tableFormats.join(',')}}`).join(', ');
      throw dataAccessError('UNKNOWN_DAY_FILE', `${name} is no file of a day: expected one of ${expected}`, { name });
    }
    const before = seen.get(table);
    if (before !== undefined) {
      const said = before === name ? `${name} is there twice` : `${before} and ${name} are both there`;
      throw dataAccessError('REPEATED_DAY_FILE', `${said}: a day has one file of the table ${table}; join them`, {
        name,
        table,
      });
    }
    seen.set(table, name);
  }
}
