import { dayOf } from '../files/dates.ts';
import type { WorldTable } from '../files/table.writer.ts';
import type { OutbreakWorld } from './outbreak.world.ts';

/** The names of an outbreak's tables, without the ending that says their format. */
export const outbreakTableNames = ['persons', 'contacts', 'tests', 'symptoms', 'truth/persons'] as const;

/** The tables of an outbreak by file name, with the columns that imports of risk read; the last day is `lastDay` (`YYYY-MM-DD`). */
export function outbreakTables(
  { observed, truth }: OutbreakWorld,
  lastDay: string,
): Readonly<Record<(typeof outbreakTableNames)[number], WorldTable>> {
  const { persons, days, parameters, region, contacts, tests, symptoms, reporting } = observed;
  const digits = String(persons - 1).length;
  const ids = Array.from({ length: persons }, (_, person) => `p${String(person).padStart(digits, '0')}`);
  const dates = Array.from({ length: days }, (_, day) => dayOf(lastDay, day + 1 - days));
  const idsOf = (column: Uint32Array) => Array.from(column, (person) => ids[person]!);
  const datesOf = (column: ArrayLike<number>) => Array.from(column, (day) => dates[day] ?? null);
  const flags = (column: Uint8Array) => Array.from(column, (flag) => flag === 1);
  return {
    persons: {
      rows: persons,
      columns: {
        person_id: ids,
        region: Int32Array.from(ids, (_, person) => region?.[person] ?? 0),
        reports: flags(reporting),
      },
    },
    contacts: {
      rows: contacts.reduce((sum, { rows }) => sum + rows, 0),
      columns: {
        from_id: contacts.flatMap(({ from }) => idsOf(from)),
        to_id: contacts.flatMap(({ to }) => idsOf(to)),
        day: contacts.flatMap(({ day }) => datesOf(day)),
        channel: contacts.flatMap(({ channel }) => Array.from(channel, (at) => parameters.channels[at]!.name)),
        units: contacts.flatMap(({ count }) => [...count]),
        mutual: contacts.flatMap(({ mutual }) => flags(mutual)),
      },
    },
    tests: {
      rows: tests.rows,
      columns: {
        test_id: Array.from({ length: tests.rows }, (_, row) => `t${row}`),
        person_id: idsOf(tests.person),
        day: datesOf(tests.day),
        kind: Array.from(tests.kind, (at) => parameters.tests[at]!.name),
        result: Array.from(tests.positive, (flag) => (flag === 1 ? 'positive' : 'negative')),
      },
    },
    symptoms: {
      rows: symptoms.rows,
      columns: {
        person_id: idsOf(symptoms.person),
        day: datesOf(symptoms.day),
        reported: new Array<boolean>(symptoms.rows).fill(true),
      },
    },
    'truth/persons': {
      rows: persons,
      columns: {
        person_id: ids,
        exposed: datesOf(truth.exposed),
        infectious: datesOf(truth.infectious),
        removed: datesOf(truth.removed),
        infected_by: Array.from(truth.source, (from) => ids[from] ?? (from === -1 ? 'outside' : null)),
      },
    },
  };
}
