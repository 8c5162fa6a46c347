import { copyInto, type Database } from '@haat/data-access';
import type pg from 'pg';

import { riskRecordError, type CarriedInference, type InitialColumns } from '../contract/index.ts';

/** Persons of one statement or one piece of COPY. */
const PIECE_PERSONS = 10_000;

/** What of a run is kept for the next one. Persons stand by their position. */
export type NewCarried = Pick<CarriedInference, 'initial' | 'trajectories'>;

/** An inference that left something, without its persons. */
/** What is told of an inference that left something. */
export type LeftInference = Pick<CarriedInference, 'run' | 'turn' | 'version' | 'revision' | 'firstDay' | 'days'>;

interface CarriedRow {
  readonly person: number;
  readonly person_id: string;
  readonly trajectories: Buffer;
  readonly states: number[];
  readonly ages: number[];
  readonly probabilities: number[];
  readonly infectious: number[];
}

/** What inferences leave for the next ones: health data, that only tasks see and that goes with its inference. */
export class CarriedStore {
  constructor(private readonly database: Pick<Database, 'pool'>) {}

  /** The newest inference of a model that left something, without its persons; null: none did. */
  newest(model: string): Promise<LeftInference | null> {
    return this.#first(
      `model = $1 and exists (select from risk.carried c where c.run = i.run) order by revision desc, completed_at desc`,
      model,
    );
  }

  /**
   * The inference from which a run that is kept went on; null: it began anew.
   * @throws NO_INFERENCE where that one is kept no more
   */
  async predecessorOf(run: string): Promise<LeftInference | null> {
    const { rows } = await this.database.pool.query<{ continues: string | null }>(
      'select continues from risk.inference where run = $1',
      [run],
    );
    const continues = rows[0]?.continues ?? null;
    if (continues === null) return null;
    const before = await this.#first('run = $1', continues);
    if (before !== null) return before;
    throw riskRecordError('NO_INFERENCE', `Run ${continues}, from which ${run} went on, is no longer kept`, { run });
  }

  async #first(which: string, value: string): Promise<LeftInference | null> {
    const { rows } = await this.database.pool.query<{
      run: string;
      turn: number;
      model_digest: string;
      revision: string;
      first_day: string;
      days: number;
    }>(`select run, turn, model_digest, revision, first_day::text, days from risk.inference i where ${which} limit 1`, [
      value,
    ]);
    if (rows[0] === undefined) return null;
    const { run, turn, model_digest: version, revision, first_day: firstDay, days } = rows[0];
    return { run, turn, version, revision: Number(revision), firstDay, days };
  }

  /**
   * All that a run left; P(I) of its first `fold` days. Persons are in ascending order of what stands for them.
   * @throws NO_INFERENCE where it is kept no more
   */
  async read(
    run: string,
    fold: number,
  ): Promise<Pick<CarriedInference, 'persons' | 'initial' | 'trajectories' | 'infectious'>> {
    const persons: string[] = [];
    const bytes: Buffer[] = [];
    const infectious: number[] = [];
    const starts = { person: [] as number[], state: [] as number[], age: [] as number[], probability: [] as number[] };
    for (let after = -1, more = true; more;) {
      const { rows } = await this.database.pool.query<CarriedRow>(
        `select c.person, p.person_id, c.trajectories, c.states, c.ages, c.probabilities, t.infectious[1:$4] as infectious
         from risk.carried c join risk.timeline t using (run, person)
         join lateral (select person_id from risk.person where number = c.person limit 1) p on true
         where c.run = $1 and c.person > $2 order by c.person limit $3`,
        [run, after, PIECE_PERSONS, fold],
      );
      for (const row of rows) {
        row.states.forEach((state, k) => {
          starts.person.push(persons.length);
          starts.state.push(state);
          starts.age.push(row.ages[k]!);
          starts.probability.push(row.probabilities[k]!);
        });
        persons.push(row.person_id);
        bytes.push(row.trajectories);
        infectious.push(...row.infectious);
      }
      more = rows.length === PIECE_PERSONS;
      after = rows.at(-1)?.person ?? after;
    }
    // Still there at the end, it was there for each piece.
    const { rowCount } = await this.database.pool.query('select from risk.inference where run = $1', [run]);
    if (rowCount === 0) throw riskRecordError('NO_INFERENCE', `Run ${run} is no longer kept`, { run });
    return {
      persons,
      initial: columnsOf(starts),
      trajectories: chainsOf(bytes),
      infectious: Float32Array.from(infectious),
    };
  }
}

/** Keeps what a run leaves of those persons whom `number` knows; as a part of its transaction. */
export async function keepCarried(
  client: pg.PoolClient,
  run: string,
  carried: NewCarried,
  persons: number,
  number: (position: number) => number | null,
): Promise<void> {
  await copyInto(
    client,
    'risk.carried',
    ['run', 'person', 'trajectories', 'states', 'ages', 'probabilities'],
    pieces(run, carried, persons, number),
  );
}

function* pieces(
  run: string,
  { initial, trajectories }: NewCarried,
  persons: number,
  number: (position: number) => number | null,
): Generator<Buffer> {
  let text = '';
  let row = 0;
  for (let person = 0; person < persons; person++) {
    const lists: number[][] = [[], [], []];
    for (; initial !== null && initial.person[row] === person; row++) {
      lists[0]!.push(initial.state[row]!);
      lists[1]!.push(initial.age[row]!);
      lists[2]!.push(initial.probability[row]!);
    }
    const stands = number(person);
    if (stands === null) continue;
    const hex = trajectories.map((chain) =>
      Buffer.of(...[0, 1, 2, 3].map((k) => chain[k * persons + person]!)).toString('hex'),
    );
    text += `${run}\t${stands}\t\\\\x${hex.join('')}\t${lists.map((list) => `{${list.join(',')}}`).join('\t')}\n`;
    if (text.length < 1 << 20) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text);
}

function columnsOf(starts: {
  readonly person: readonly number[];
  readonly state: readonly number[];
  readonly age: readonly number[];
  readonly probability: readonly number[];
}): InitialColumns | null {
  if (starts.person.length === 0) return null;
  return {
    rows: starts.person.length,
    person: Uint32Array.from(starts.person),
    state: Uint8Array.from(starts.state),
    age: Uint8Array.from(starts.age),
    probability: Float64Array.from(starts.probability),
  };
}

/** [4, persons] of each chain, from four bytes a chain of each person. */
function chainsOf(bytes: readonly Buffer[]): Uint8Array[] {
  const persons = bytes.length;
  const width = bytes[0]?.length ?? 0;
  if (bytes.some(({ length }) => length !== width))
    throw new Error('Persons of one inference are left by different numbers of chains');
  return Array.from({ length: width / 4 }, (_, chain) => {
    const all = new Uint8Array(4 * persons);
    for (let k = 0; k < 4; k++) {
      for (let person = 0; person < persons; person++) all[k * persons + person] = bytes[person]![chain * 4 + k]!;
    }
    return all;
  });
}
