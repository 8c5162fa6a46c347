import type { Actor } from '@haat/kit';
import { allows, type AccessCase } from './access.matrix.ts';
import { askSubgraph, gatewayHeaders } from './subgraph.client.ts';
import { followSubgraph } from './subgraph.socket.ts';

/** What became of a question: `leaked` is a refusal beside data. */
export type Verdict = 'let in' | 'refused' | 'leaked';

/** Verdict by field, then by who asked. */
export type Verdicts = Readonly<Record<string, Readonly<Record<string, Verdict>>>>;

/** What is answered to a question; of a subscription its first word, or a list of errors in place of one. */
export interface AskedAnswer {
  readonly data?: object | null;
  readonly errors?: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[];
}

type Ask = (question: AccessCase, actor: Actor) => Promise<AskedAnswer>;

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
    cases.map((question) => Promise.all(actors.map(async (actor) => verdictOf(await ask(question, actor))))),
  );
  return tableOf(cases, actors, rows);
}

/** Asks a running subgraph itself, as the gateway would: over HTTP, or over a websocket where something is to be followed. */
export async function askSubgraphItself(
  subgraph: { readonly url: string; readonly name: string },
  { kind, query, variables }: AccessCase,
  actor: Actor,
): Promise<AskedAnswer> {
  if (kind !== 'subscription') return askSubgraph(subgraph, query, variables, actor);
  const headers = await gatewayHeaders(subgraph.name, actor);
  return firstWord(await followSubgraph(subgraph.url, headers, { query, variables, most: 1 }));
}

/** Of what a subscription told. One that ended without a word let in whoever asked. */
export function firstWord([first = {}]: readonly unknown[]): AskedAnswer {
  return Array.isArray(first) ? { errors: first as AskedAnswer['errors'] & object } : (first as AskedAnswer);
}

function verdictOf({ data, errors }: AskedAnswer): Verdict {
  const codes = errors?.map(({ extensions }) => extensions?.['code']) ?? [];
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
