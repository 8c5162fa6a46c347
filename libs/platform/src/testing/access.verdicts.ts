import type { Actor } from '@haat/kit';
import { allows, type AccessCase } from './access.matrix.ts';
import type { SubgraphAnswer } from './subgraph.client.ts';

/** What became of a question: `leaked` is a refusal beside data. */
export type Verdict = 'let in' | 'refused' | 'leaked';

/** Verdict by field, then by who asked. */
export type Verdicts = Readonly<Record<string, Readonly<Record<string, Verdict>>>>;

type Ask = (query: string, variables: object, actor: Actor) => Promise<Pick<SubgraphAnswer, 'data' | 'errors'>>;

/** What the printed SDL promises, for every case and actor. */
export function promisedVerdicts(cases: readonly AccessCase[], actors: readonly Actor[]): Verdicts {
  return tableOf(
    cases,
    actors,
    cases.map((one) => actors.map((actor) => (allows(one, actor) ? 'let in' : 'refused'))),
  );
}

/** What is answered when every actor asks every case, all at once. */
export async function answeredVerdicts(
  cases: readonly AccessCase[],
  actors: readonly Actor[],
  ask: Ask,
): Promise<Verdicts> {
  const rows = await Promise.all(
    cases.map(({ query, variables }) =>
      Promise.all(actors.map(async (actor) => verdictOf(await ask(query, variables, actor)))),
    ),
  );
  return tableOf(cases, actors, rows);
}

function verdictOf({ data, errors }: Pick<SubgraphAnswer, 'data' | 'errors'>): Verdict {
  const codes = errors?.map(({ extensions }) => extensions['code']) ?? [];
  if (!codes.some((code) => code === 'FORBIDDEN' || code === 'UNAUTHENTICATED')) return 'let in';
  return holdsSomething(data) ? 'leaked' : 'refused';
}

function holdsSomething(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  return typeof value === 'object' ? Object.values(value).some(holdsSomething) : true;
}

function tableOf(
  cases: readonly AccessCase[],
  actors: readonly Actor[],
  rows: readonly (readonly Verdict[])[],
): Verdicts {
  const who = ({ role, scopes }: Actor) => `${role} [${scopes.join(', ')}]`;
  return Object.fromEntries(
    cases.map(({ name }, row) => [name, Object.fromEntries(actors.map((actor, at) => [who(actor), rows[row]![at]!]))]),
  );
}
