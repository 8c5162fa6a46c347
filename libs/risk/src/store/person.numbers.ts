import type { Database } from '@haat/data-access';

/** What stands in the store for each person that is known, by pseudonym. */
export async function personNumbers({ pool }: Pick<Database, 'pool'>): Promise<[id: string, number: number][]> {
  const { rows } = await pool.query<[string, number]>({
    rowMode: 'array',
    text: 'select distinct person_id, number from risk.person',
  });
  return rows;
}

/** Why a row is refused for whom it names; null: it is not. */
type Verdict = readonly [column: string, reason: string] | null;

/** What stands for persons, by pseudonym: all of them are held, so that a chunk of millions of rows asks nothing. */
export class PersonNumbers {
  readonly #numbers: Map<string, number>;

  constructor(known: Iterable<readonly [id: string, number: number]>) {
    this.#numbers = new Map(known);
  }

  /** Takes in somebody who is not stored, with a number that nobody has. */
  introduce(id: string): void {
    if (!this.#numbers.has(id)) this.#numbers.set(id, -1 - this.#numbers.size);
  }

  of(id: string): number {
    return this.#numbers.get(id)!;
  }

  /** Refuses rows that name somebody unknown in one of the columns. */
  check<Row>(columns: readonly (keyof Row & string)[]): (rows: readonly Row[]) => Promise<Verdict[]> {
    return async (rows) =>
      rows.map((row) => {
        const column = columns.find((name) => !this.#numbers.has(row[name] as string));
        return column === undefined ? null : [column, `expected a known person, got "${String(row[column])}"`];
      });
  }
}
