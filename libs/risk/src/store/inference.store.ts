import { copyInto, inTransaction, type Database } from '@haat/data-access';
import { differencesOf, SkewTally, type SkewReport } from '@haat/kit';
import type pg from 'pg';

import {
  dayAfter,
  personRoles,
  riskRecordError,
  type Beginning,
  type ChosenTests,
  type Inference,
  type KindChoices,
  type KeptSource,
  type PersonRisk,
  type RiskPosterior,
} from '../contract/index.ts';
import { keepCarried, type NewCarried } from './carried.store.ts';
import { personNumbers } from './person.numbers.ts';
import { rounded } from './six.digits.ts';
import { chosenTests, keepChoices } from './test.choices.ts';
import { keptValues, singles, timelineColumns, timelineOf, type Answer, type TimelineRow } from './timeline.rows.ts';

/** Inferences that are kept; older ones go when a new one comes. */
const KEPT = 7;
/** Persons whose answers are read at once. */
const PIECE_PERSONS = 10_000;
/** Length of one piece of COPY, at the least. */
const PIECE_LENGTH = 1 << 22;

/** Who stands at each position of the posterior, and what is kept of the run beside it. */
export interface NewInference {
  readonly inference: Inference;
  readonly persons: readonly string[];
  readonly posterior: Pick<RiskPosterior, 'timeline' | 'agreement' | 'sources'>;
  readonly tests: readonly KindChoices[];
  /** What it leaves for the next one. */
  readonly carried?: NewCarried;
  /** What it went on from. Whose answers stay, by its roles or because it leaves them out, keeps those of the run before. */
  readonly beginning?: Beginning | undefined;
}

/** How many persons an inference answers for, and the sum of their risks. */
export interface KeptInference {
  readonly persons: number;
  readonly expectedInfected: number;
}

/** A stretch of time. */
interface KeptWithin {
  readonly from: Date;
  readonly to: Date;
}

interface InferenceRow {
  readonly run: string;
  readonly model: string;
  readonly model_version: number;
  readonly model_digest: string;
  readonly facts_digest: string;
  readonly as_of: Date;
  readonly revision: string;
  readonly first_day: string;
  readonly days: number;
  readonly seed: string;
  readonly chains: number;
  readonly sweeps: number;
}

const inferenceColumns = `run, model, model_version, model_digest, facts_digest, as_of, revision, first_day::text, days, seed, chains, sweeps`;
/** What knows most answers: an inference that began before an import may end after the one that saw it. */
const newestFirst = 'order by revision desc, completed_at desc';
const newest = `select run from risk.inference ${newestFirst} limit 1`;

/** What was inferred of persons. The newest inference is what answers. */
export class InferenceStore {
  constructor(private readonly database: Database) {}

  /**
   * Keeps an inference whole, or nothing; one that is kept already stays as it is. Answers what is kept.
   * @throws NO_INFERENCE where it is partial and the run before is gone
   */
  async keep({ inference, persons, posterior, tests, carried, beginning }: NewInference): Promise<KeptInference> {
    const numbers = new Map(await personNumbers(this.database));
    const before = beginning?.partial ? beginning.run : null;
    await inTransaction(this.database, async (client) => {
      const { ref, run } = inference;
      const { rowCount } = await client.query(
        `insert into risk.inference (run, model, model_version, model_digest, facts_digest, as_of, revision, first_day, days,
           seed, chains, sweeps, completed_at, continues, turn)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, clock_timestamp(), $13, $14) on conflict (run) do nothing`,
        [
          run,
          ref.model,
          ref.version,
          ref.digest,
          inference.factsDigest,
          inference.asOf,
          inference.revision,
          inference.firstDay,
          inference.days,
          inference.seed,
          inference.chains,
          inference.sweeps,
          beginning?.run ?? null,
          beginning === undefined ? 0 : beginning.turn + 1,
        ],
      );
      if (rowCount === 0) return;
      const number = (position: number) => numbers.get(persons[position]!)!;
      const answered = (position: number) =>
        (beginning?.role[position] ?? personRoles.answered) === personRoles.answered ? number(position) : null;
      await copyInto(client, 'risk.timeline', timelineTarget, pieces(inference, persons.length, posterior, answered));
      await copyInto(client, 'risk.infection_source', sourceTarget, [sourceText(inference, posterior, number)]);
      if (carried) await keepCarried(client, run, carried, persons.length, answered);
      if (before !== null) await this.#keepOthers(client, run, before);
      const beside =
        before === null ? null : { run: before, answered: persons.flatMap((_, position) => answered(position) ?? []) };
      await keepChoices(client, run, tests, number, beside);
      // Still there at the end, it was there for each statement that took from it.
      if (before !== null) await this.#requireKept(client, before);
      await client.query(
        `delete from risk.inference where run <> $2 and run not in (select run from risk.inference ${newestFirst} limit $1)`,
        [KEPT, run],
      );
    });
    await this.database.pool.query('analyze risk.timeline');
    const { rows } = await this.database.pool.query<KeptInference>(
      'select count(*)::int as persons, coalesce(sum(risk::float8), 0) as "expectedInfected" from risk.timeline where run = $1',
      [inference.run],
    );
    return rows[0]!;
  }

  /** The inference that answers. @throws NO_INFERENCE */
  async newest(): Promise<Inference> {
    const { rows } = await this.database.pool.query<InferenceRow>(
      `select ${inferenceColumns} from risk.inference where run = (${newest})`,
    );
    if (rows[0] !== undefined) return inferenceOf(rows[0]);
    throw riskRecordError(
      'NO_INFERENCE',
      'Nothing was inferred yet: import what was observed and start a run of inference',
    );
  }

  /** What a run kept. @throws NO_INFERENCE where it kept nothing, or keeps it no more */
  async ofRun(run: string): Promise<Inference> {
    const { rows } = await this.database.pool.query<InferenceRow>(
      `select ${inferenceColumns} from risk.inference where run = $1`,
      [run],
    );
    if (rows[0] !== undefined) return inferenceOf(rows[0]);
    throw riskRecordError('NO_INFERENCE', `Nothing is kept of the run "${run}": the newest ${KEPT} inferences are`, {
      run,
    });
  }

  /**
   * How far what a run kept of persons, by their positions, differs from an answer, in the six digits that are kept. Examples go by the run's id and name nobody. Reads
   * persons in pieces. @throws NO_INFERENCE
   */
  async differences(
    run: string,
    persons: readonly string[],
    positions: Uint32Array,
    posterior: Answer,
  ): Promise<SkewReport> {
    const { days } = await this.ofRun(run);
    const numbers = new Map(await personNumbers(this.database));
    const tally = new SkewTally();
    let same = 0;
    for (let from = 0; from < positions.length; from += PIECE_PERSONS) {
      const piece = positions.subarray(from, from + PIECE_PERSONS);
      const ids = Array.from(piece, (position) => numbers.get(persons[position]!));
      const { rows } = await this.database.pool.query<TimelineRow & { person: number }>(
        `select person, ${timelineColumns} from risk.timeline where run = $1 and person = any($2)`,
        [run, ids],
      );
      const kept = new Map(rows.map(({ person, ...values }) => [person, values]));
      piece.forEach((position, k) => {
        const again = singles(timelineOf(days, posterior, position));
        const values = kept.get(ids[k]!);
        const outputs =
          values === undefined
            ? [{ path: 'risk', recorded: null, replayed: again['risk'], difference: null }]
            : differencesOf(singles(values), again);
        if (outputs.length === 0) same += 1;
        else tally.addDiffering([{ id: run, same: false, inputs: [], outputs }]);
      });
    }
    // Still there at the end, it was there for each piece.
    await this.ofRun(run);
    tally.addSame(same, keptValues);
    return tally.report();
  }

  /**
   * A seeded sample of `most` runs that a model kept from one moment on and before another, or all that there are: of those that can be computed again, as they began anew or
   * the run from which they went on is kept.
   */
  async sample(model: string, { from, to }: KeptWithin, most: number, seed: number): Promise<string[]> {
    const { rows } = await this.database.pool.query<{ run: string }>(
      `select run from risk.inference i where model = $1 and completed_at >= $2 and completed_at < $3
         and (continues is null or exists (select from risk.inference before where before.run = i.continues))
       order by hashtextextended(run, $5), run limit $4`,
      [model, from, to, most, seed],
    );
    return rows.map(({ run }) => run);
  }

  /** Which of these pseudonyms are known, in order. One statement. */
  async known(ids: readonly string[]): Promise<boolean[]> {
    const { rows } = await this.database.pool.query<{ person_id: string }>(
      'select distinct person_id from risk.person where person_id = any($1)',
      [ids],
    );
    const found = new Set(rows.map(({ person_id: id }) => id));
    return ids.map((id) => found.has(id));
  }

  /** What the newest inference says of persons, in order; null of who came later. Two statements. @throws NO_INFERENCE */
  async byPerson(ids: readonly string[]): Promise<(PersonRisk | null)[]> {
    const inference = await this.newest();
    const { rows } = await this.database.pool.query<TimelineRow>(
      `select p.person_id, ${timelineColumns}
       from (select distinct person_id, number from risk.person where person_id = any($2)) p
       join risk.timeline t on t.run = $1 and t.person = p.number`,
      [inference.run, ids],
    );
    const found = new Map(rows.map((row) => [row.person_id, riskOf(row, inference)]));
    return ids.map((id) => found.get(id) ?? null);
  }

  /** Persons by descending risk, after a place in that order. @throws NO_INFERENCE */
  async highest(
    first: number,
    after: { readonly risk: number; readonly personId: string } | null,
  ): Promise<PersonRisk[]> {
    const inference = await this.newest();
    const { rows } = await this.database.pool.query<TimelineRow>(
      `select p.person_id, ${timelineColumns} from risk.timeline t
       join lateral (select person_id from risk.person where number = t.person limit 1) p on true
       where t.run = $1 and ($2::real is null or (-t.risk, p.person_id) > (-$2::real, $3::text collate "C"))
       order by t.risk desc, p.person_id limit $4`,
      [inference.run, after?.risk ?? null, after?.personId ?? null, first],
    );
    return rows.map((row) => riskOf(row, inference));
  }

  /** Possible sources of infection of persons, in order, each the most probable first; null of whom none were kept. */
  async sources(ids: readonly string[]): Promise<(KeptSource[] | null)[]> {
    const { rows } = await this.database.pool.query<{
      person_id: string;
      from_id: string | null;
      day: string | null;
      probability: number;
    }>(
      `select p.person_id, f.person_id as from_id, s.day::text as day, s.probability
       from (select distinct person_id, number from risk.person where person_id = any($1)) p
       join risk.infection_source s on s.run = (${newest}) and s.person = p.number
       left join lateral (select person_id from risk.person where number = s.from_person limit 1) f on true
       order by p.person_id, s.position`,
      [ids],
    );
    const found = Map.groupBy(rows, ({ person_id: id }) => id);
    return ids.map(
      (id) => found.get(id)?.map(({ from_id: from, day, probability }) => ({ from, day, probability })) ?? null,
    );
  }

  async #requireKept(client: pg.ClientBase, run: string): Promise<void> {
    const { rowCount } = await client.query('select from risk.inference where run = $1', [run]);
    if (rowCount === 0)
      throw riskRecordError('NO_INFERENCE', `Run ${run}, from which this one goes on, is no longer kept`);
  }

  /** Gives a run the rows of the one before, of all of whom it has none. */
  async #keepOthers(client: pg.ClientBase, run: string, before: string): Promise<void> {
    const unless = 'not exists (select from risk.carried n where n.run = $1 and n.person = o.person)';
    await client.query(
      `insert into risk.timeline (run, person, ${timelineColumns})
       select $1, person, ${timelineColumns} from risk.timeline o where run = $2 and ${unless}`,
      [run, before],
    );
    const source = 'position, from_person, day, probability';
    await client.query(
      `insert into risk.infection_source (run, person, ${source})
       select $1, person, ${source} from risk.infection_source o where run = $2 and ${unless}`,
      [run, before],
    );
    const left = 'trajectories, states, ages, probabilities';
    await client.query(
      `insert into risk.carried (run, person, ${left}) select $1, person, ${left} from risk.carried o where run = $2 and ${unless}`,
      [run, before],
    );
  }

  /** Whom the newest inference would have tested next by tests of a kind. @throws NO_INFERENCE */
  async chosenTests(kind: number, capacity: number): Promise<ChosenTests> {
    const inference = await this.newest();
    return { inference, choices: await chosenTests(this.database, inference.run, kind, capacity) };
  }
}

const timelineTarget = ['run', 'person', ...keptValues];
const sourceTarget = ['run', 'person', 'position', 'from_person', 'day', 'probability'];

/** The lines of COPY of all timelines. */
function* pieces(
  { run, days }: Inference,
  persons: number,
  posterior: Answer,
  number: (position: number) => number | null,
): Generator<Buffer> {
  let text = '';
  for (let person = 0; person < persons; person++) {
    const stands = number(person);
    if (stands === null) continue;
    const { exposed, infectious, removed, error, risk, ...agreement } = timelineOf(days, posterior, person);
    const lists = [exposed, infectious, removed, error].map((list) => `{${list.join(',')}}`).join('\t');
    text += `${run}\t${stands}\t${risk}\t${lists}\t${agreement.r_hat}\t${agreement.effective_samples}\n`;
    if (text.length < PIECE_LENGTH) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text);
}

function sourceText(
  { run, firstDay }: Inference,
  { sources }: NewInference['posterior'],
  number: (position: number) => number,
): Buffer {
  let text = '';
  for (const [person, found] of sources) {
    found.forEach(({ from, day, probability }, position) => {
      const when = day < 0 ? '\\N' : dayAfter(firstDay, day);
      text += `${run}\t${number(person)}\t${position}\t${from === null ? '\\N' : number(from)}\t${when}\t${rounded(probability)}\n`;
    });
  }
  return Buffer.from(text);
}

function inferenceOf(row: InferenceRow): Inference {
  return {
    run: row.run,
    ref: { model: row.model, version: row.model_version, digest: row.model_digest },
    factsDigest: row.facts_digest,
    asOf: row.as_of,
    revision: Number(row.revision),
    firstDay: row.first_day,
    days: row.days,
    seed: Number(row.seed),
    chains: row.chains,
    sweeps: row.sweeps,
  };
}

function riskOf(row: TimelineRow, inference: Inference): PersonRisk {
  const { person_id: personId, risk, exposed, infectious, removed, error, r_hat: rHat, effective_samples } = row;
  return { personId, inference, risk, exposed, infectious, removed, error, rHat, effectiveSamples: effective_samples };
}
