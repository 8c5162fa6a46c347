import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  writeTable,
  type ParquetWriter,
  type WorldFormat,
  type WorldTable,
  type WrittenFile,
} from '../tables/table.writer.ts';
import { riskConstants } from './risk.constants.ts';
import type { RiskWorld } from './risk.simulator.ts';

const tableNames = ['persons', 'contacts', 'tests', 'symptoms', 'truth/persons'] as const;

/** The files that `writeRiskWorld` writes. */
export function riskWorldFiles(directory: string, format: WorldFormat): readonly string[] {
  return [...tableNames.map((name) => `${name}.${format}`), 'truth/constants.json'].map((name) =>
    join(directory, name),
  );
}

/**
 * Writes `persons`, `contacts`, `tests` and `symptoms` (in `format`) and the folder `truth/` into `directory`, which is made when
 * absent. The same world gives the same bytes.
 */
export async function writeRiskWorld(
  world: RiskWorld,
  directory: string,
  format: WorldFormat,
  options: { readonly parquet?: ParquetWriter } = {},
): Promise<readonly WrittenFile[]> {
  await mkdir(join(directory, 'truth'), { recursive: true });
  const tables = tablesOf(world);
  const written: WrittenFile[] = [];
  for (const name of tableNames) {
    const file = join(directory, `${name}.${format}`);
    await writeTable(file, tables[name], format, options.parquet);
    written.push({ file, rows: tables[name].rows });
  }
  const constants = join(directory, 'truth/constants.json');
  const { seed, persons, days, lastDay, infected } = world;
  await writeFile(
    constants,
    `${JSON.stringify({ seed, persons, days, lastDay, infected, ...riskConstants }, null, 2)}\n`,
  );
  return [...written, { file: constants, rows: 1 }];
}

/** Pseudonym of a person. */
export function pseudonymOf(person: number): string {
  return `v${String(person).padStart(6, '0')}`;
}

function tablesOf(world: RiskWorld): Readonly<Record<(typeof tableNames)[number], WorldTable>> {
  const { persons, days, lastDay, contacts, tests, symptoms, truth } = world;
  const everybody = Array.from({ length: persons }, (_, person) => pseudonymOf(person));
  const last = Date.parse(`${lastDay}T00:00:00Z`);
  const dates = Array.from({ length: days }, (_, day) =>
    new Date(last - (days - 1 - day) * 86_400_000).toISOString().slice(0, 10),
  );
  const dateOf = ({ day }: { readonly day: number }) => dates[day]!;
  const happened = (column: Int32Array) => Array.from(column, (day) => dates[day] ?? null);
  return {
    persons: {
      rows: persons,
      columns: { person_id: everybody, region: everybody.map(() => 0), reports: everybody.map(() => true) },
    },
    contacts: {
      rows: contacts.length,
      columns: {
        from_id: contacts.map(({ from }) => everybody[from]!),
        to_id: contacts.map(({ to }) => everybody[to]!),
        day: contacts.map(dateOf),
        channel: contacts.map(({ channel }) => channel),
        units: contacts.map(({ channel }) => riskConstants.channels[channel].units),
        mutual: contacts.map(() => true),
      },
    },
    tests: {
      rows: tests.length,
      columns: {
        test_id: tests.map(({ person, day }) => `t${person}-${day}`),
        person_id: tests.map(({ person }) => everybody[person]!),
        day: tests.map(dateOf),
        kind: tests.map(() => 'pcr'),
        result: tests.map(({ positive }) => (positive ? 'positive' : 'negative')),
      },
    },
    symptoms: {
      rows: symptoms.length,
      columns: {
        person_id: symptoms.map(({ person }) => everybody[person]!),
        day: symptoms.map(dateOf),
        reported: symptoms.map(() => true),
      },
    },
    'truth/persons': {
      rows: persons,
      columns: {
        person_id: everybody,
        exposed: happened(truth.exposed),
        infectious: happened(truth.infectious),
        removed: happened(truth.removed),
        infected_by: Array.from(truth.by, (by) => everybody[by] ?? null),
      },
    },
  };
}
