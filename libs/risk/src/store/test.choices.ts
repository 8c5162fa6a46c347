import { copyInto, type Database } from '@haat/data-access';
import type pg from 'pg';
import { MOST_CHOICES, type ChosenTests, type KindChoices, type TestChoice } from '../contract/index.ts';
import { rounded } from './six.digits.ts';

/** A person whom a test of a kind is for, by its number in the store. */
interface Choice extends TestChoice {
  readonly kind: number;
  readonly person: number;
}

const target = ['run', 'kind', 'position', 'person', 'positive', 'averted', 'information'];

/**
 * Keeps whom a run would have tested next. Of those for whom it has no answer of its own it takes what the run before chose: by what
 * they avert, choices of parts that do not touch one another make one order.
 */
export async function keepChoices(
  client: pg.ClientBase,
  run: string,
  tests: readonly KindChoices[],
  number: (position: number) => number,
  /** The run before, and the numbers of those for whom this one answers; null where it answers for all. */
  beside: { readonly run: string; readonly answered: readonly number[] } | null,
): Promise<void> {
  const own = tests.flatMap(({ kind, choices }) =>
    choices.map(({ person, ...choice }): Choice => ({ kind, person: number(person), ...choice })),
  );
  const others = beside === null ? [] : await choicesOfOthers(client, beside.run, beside.answered);
  const ofKinds = [...Map.groupBy([...own, ...others], ({ kind }) => kind).values()];
  const lines = ofKinds.flatMap((ofKind) =>
    ofKind
      .toSorted((one, other) => other.averted - one.averted)
      .slice(0, MOST_CHOICES)
      .map(({ kind, person, positive, averted, information }, position) =>
        [run, kind, position, person, rounded(positive), rounded(averted), rounded(information)].join('\t'),
      ),
  );
  await copyInto(client, 'risk.test_choice', target, [Buffer.from(lines.map((line) => `${line}\n`).join(''))]);
}

/** Whom a run would have tested next by tests of a kind, the most urgent first. */
export async function chosenTests(
  { pool }: Pick<Database, 'pool'>,
  run: string,
  kind: number,
  capacity: number,
): Promise<ChosenTests['choices']> {
  const { rows } = await pool.query<ChosenTests['choices'][number]>(
    `select p.person_id as "personId", positive, averted, information from risk.test_choice c
     join lateral (select person_id from risk.person where number = c.person limit 1) p on true
     where c.run = $1 and c.kind = $2 and c.position < $3 order by c.position`,
    [run, kind, capacity],
  );
  return rows;
}

async function choicesOfOthers(client: pg.ClientBase, run: string, answered: readonly number[]): Promise<Choice[]> {
  const { rows } = await client.query<Choice>(
    `select kind, person, positive, averted, information from risk.test_choice
     where run = $1 and person <> all($2::int[]) order by kind, position`,
    [run, answered],
  );
  return rows;
}
