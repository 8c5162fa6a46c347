import {
  boundParameters,
  copyIntegers,
  correctedQuery,
  dataRevision,
  inForceQuery,
  type Database,
} from '@haat/data-access';
import type { Horizon } from '@haat/kit';

import {
  contactView,
  dayOf,
  firstDayOf,
  personView,
  riskRecordError,
  symptomView,
  testResults,
  testView,
  type ChangedRows,
  type ContactColumns,
  type RiskFacts,
  type RiskSource,
  type RiskWindow,
} from '../contract/index.ts';

const [negative, positive] = [testResults.indexOf('negative'), testResults.indexOf('positive')];

/** What was observed, in the database, bounded in both times. As the role of risk's tasks. */
export class RiskStore implements RiskSource {
  constructor(private readonly database: Database) {}

  async horizon(asOf: Date): Promise<Horizon> {
    return { asOf, revision: await dataRevision(this.database, 'risk') };
  }

  async facts(window: RiskWindow): Promise<RiskFacts> {
    const { persons, positionsOf } = await this.#persons(window);
    const contacts: ContactColumns[] = [];
    for await (const [from, to, day, channel, units, mutual] of this.#read(
      window,
      `select from_person, to_person, day - first, channel::int, units, mutual::int`,
      correctedQuery(contactView, boundsOf(window), 'time'),
      'units > 0',
      6,
    )) {
      const known = positionsOf([from!, to!]);
      contacts.push({
        rows: known.rows.length,
        from: known.positions[0]!,
        to: known.positions[1]!,
        day: taken(Uint8Array, day!, known.rows),
        channel: taken(Uint8Array, channel!, known.rows),
        count: taken(Uint16Array, units!, known.rows),
        mutual: taken(Uint8Array, mutual!, known.rows),
      });
    }
    const [person, day, kind, result] = await this.#whole(
      window,
      'select person, day - first, kind::int, result::int',
      correctedQuery(testView, boundsOf(window), 'time'),
      `result in (${negative}, ${positive})`,
      4,
    );
    const [reporter, reportDay] = await this.#whole(
      window,
      'select person, day - first',
      correctedQuery(symptomView, boundsOf(window), 'time'),
      'reported',
      2,
    );
    const tested = positionsOf([person!]);
    const reporting = positionsOf([reporter!]);
    return {
      firstDay: firstDayOf(window),
      days: window.days,
      persons,
      contacts,
      tests: {
        rows: tested.rows.length,
        person: tested.positions[0]!,
        day: taken(Uint8Array, day!, tested.rows),
        kind: taken(Uint8Array, kind!, tested.rows),
        positive: Uint8Array.from(tested.rows, (row) => Number(result![row] === positive)),
      },
      symptoms: {
        rows: reporting.rows.length,
        person: reporting.positions[0]!,
        day: taken(Uint8Array, reportDay!, reporting.rows),
      },
    };
  }

  /** What came after a revision, up to that of a window. */
  async changes(since: number, { days, ...at }: RiskWindow): Promise<ChangedRows> {
    const { rows: found } = await this.database.pool.query<{ rows: string; early: string; persons: string[] | null }>(
      `with changed as materialized (
         select day, array[from_person, to_person] as persons from risk.contact where revision > $1 and revision <= $2
         union all
         select day, array(select o.person from risk.test o where o.day = t.day and o.test_id = t.test_id)
           from risk.test t where revision > $1 and revision <= $2
         union all
         select day, array[person] from risk.symptom where revision > $1 and revision <= $2
         union all
         select null, array[number] from risk.person where revision > $1 and revision <= $2 and valid_from <= $3
       ), within as (select persons from changed where day is null or day between $4 and $5)
       select (select count(*) from within) as rows, (select count(*) from changed where day < $4) as early,
         (select array_agg(distinct person_id) from risk.person where number in (select unnest(persons) from within)) as persons`,
      [since, at.revision, at.asOf, firstDayOf({ ...at, days }), dayOf(at.asOf)],
    );
    const { rows, early, persons } = found[0]!;
    return { rows: Number(rows), early: Number(early), persons: persons ?? [] };
  }

  /**
   * Everybody who is known, by ascending pseudonym, and what finds the positions of persons of equally long columns: of the rows
   * whose persons are all known as of the window.
   */
  async #persons({ asOf, revision }: Horizon) {
    const { rows } = await this.database.pool.query<[id: string, number: number, region: number, reports: boolean]>({
      rowMode: 'array',
      text: inForceQuery(personView, boundParameters),
      values: [asOf, revision],
    });
    if (rows.length === 0) {
      throw riskRecordError('NO_PERSONS', `Nobody is known as of ${asOf.toISOString()}: import persons first`, {
        asOf: asOf.toISOString(),
      });
    }
    const position = new Int32Array(rows.reduce((most, [, number]) => Math.max(most, number), 0) + 1).fill(-1);
    rows.forEach(([, number], at) => (position[number] = at));
    return {
      persons: {
        id: rows.map(([id]) => id),
        region: Uint16Array.from(rows, ([, , region]) => region),
        reports: Uint8Array.from(rows, ([, , , reports]) => Number(reports)),
      },
      positionsOf: (columns: readonly Int32Array[]) => {
        const unknown = new Uint8Array(columns[0]!.length);
        for (const column of columns) markUnknown(column, position, unknown);
        const kept = unmarked(unknown);
        return { rows: kept, positions: columns.map((column) => positions(column, position, kept)) };
      },
    };
  }

  /** Rows of a view within the window, in the order of its keys from the last. */
  #read(window: RiskWindow, select: string, from: string, where: string, width: number) {
    const first = `date '${firstDayOf(window)}'`;
    const sql = `${select} from (select *, ${first} as first from (${from}) corrected where day >= ${first}) within where ${where}`;
    return copyIntegers(this.database, sql, width);
  }

  async #whole(window: RiskWindow, select: string, from: string, where: string, width: number): Promise<Int32Array[]> {
    const pieces: (readonly Int32Array[])[] = [];
    for await (const piece of this.#read(window, select, from, where, width)) pieces.push(piece);
    return Array.from({ length: width }, (_, column) =>
      Int32Array.from(pieces.flatMap((piece) => Array.from(piece[column]!))),
    );
  }
}

/** Marks the rows of persons who have no position. */
function markUnknown(column: Int32Array, position: Int32Array, unknown: Uint8Array): void {
  for (let row = 0; row < column.length; row++) if (!(position[column[row]!]! >= 0)) unknown[row] = 1;
}

/** The rows that are not marked. */
function unmarked(marks: Uint8Array): Uint32Array {
  const rows = new Uint32Array(marks.length);
  let kept = 0;
  for (let row = 0; row < marks.length; row++) if (marks[row] === 0) rows[kept++] = row;
  return rows.subarray(0, kept);
}

function positions(column: Int32Array, position: Int32Array, rows: Uint32Array): Uint32Array {
  const into = new Uint32Array(rows.length);
  for (let at = 0; at < rows.length; at++) into[at] = position[column[rows[at]!]!]!;
  return into;
}

/** These rows of a column, as numbers of another type. */
function taken<T extends Uint8Array | Uint16Array>(
  type: new (length: number) => T,
  column: Int32Array,
  rows: Uint32Array,
): T {
  const into = new type(rows.length);
  for (let at = 0; at < rows.length; at++) into[at] = column[rows[at]!]!;
  return into;
}

/** SQL of the horizon's bounds: COPY takes no parameters. */
function boundsOf({ asOf, revision }: Horizon) {
  return { asOf: `timestamptz '${asOf.toISOString()}'`, revision: String(revision) };
}
