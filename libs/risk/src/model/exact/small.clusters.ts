import type { ContactColumns, InitialColumns, RiskProblem } from '../../contract/index.ts';
import { enumerate } from './enumerate.ts';

/** Clusters of more persons are not looked at. */
const MOST_PERSONS = 5;

/**
 * Exact marginals, [days, 4] each, of the persons in clusters of two to five who met nobody else, where that takes at most `steps` of enumeration. A single person without
 * contacts needs none: one sweep gives its law.
 *
 * @throws IMPOSSIBLE_EVIDENCE
 */
export function enumerateSmallClusters(problem: RiskProblem, steps: number): ReadonlyMap<number, Float64Array> {
  const clusters = smallClusters(problem);
  const exact = new Map<number, Float64Array>();
  const stride = problem.days * 4;
  for (const [members, part] of partsOf(problem, clusters)) {
    const probability = enumerateWithin(part, steps);
    if (probability === null) continue;
    members.forEach((person, k) => exact.set(person, probability.slice(k * stride, (k + 1) * stride)));
  }
  return exact;
}

function enumerateWithin(problem: RiskProblem, steps: number): Float64Array | null {
  try {
    return enumerate(problem, steps).probability;
  } catch (thrown) {
    if ((thrown as { readonly code?: unknown }).code === 'TOO_MANY_TRAJECTORIES') return null;
    throw thrown;
  }
}

/** Members of each small cluster, ascending. */
function smallClusters({ persons, days, contacts }: RiskProblem): readonly (readonly number[])[] {
  const parent = Int32Array.from({ length: persons }, (_, person) => person);
  const size = new Int32Array(persons).fill(1);
  const root = (person: number): number => {
    let at = person;
    while (parent[at] !== at) at = parent[at] = parent[parent[at]!]!;
    return at;
  };
  for (const { rows, from, to, day } of contacts) {
    for (let row = 0; row < rows; row++) {
      if (day[row]! >= days - 1) continue;
      const [a, b] = [root(from[row]!), root(to[row]!)];
      if (a === b) continue;
      const [small, large] = size[a]! < size[b]! ? [a, b] : [b, a];
      parent[small] = large;
      size[large]! += size[small]!;
    }
  }
  const members = new Map<number, number[]>();
  for (let person = 0; person < persons; person++) {
    const at = root(person);
    if (size[at]! < 2 || size[at]! > MOST_PERSONS) continue;
    const own = members.get(at);
    if (own) own.push(person);
    else members.set(at, [person]);
  }
  return [...members.values()];
}

/** The problem of each cluster, its persons numbered anew in their order. */
function* partsOf(
  problem: RiskProblem,
  clusters: readonly (readonly number[])[],
): Generator<readonly [readonly number[], RiskProblem]> {
  if (clusters.length === 0) return;
  const cluster = new Int32Array(problem.persons).fill(-1);
  const place = new Uint32Array(problem.persons);
  clusters.forEach((members, at) =>
    members.forEach((person, k) => {
      cluster[person] = at;
      place[person] = k;
    }),
  );
  const byCluster = (rows: number, person: Uint32Array) => {
    const lists = clusters.map((): number[] => []);
    for (let row = 0; row < rows; row++) lists[cluster[person[row]!]!]?.push(row);
    return lists;
  };
  const contacts = clusters.map((): ContactColumns[] => []);
  for (const columns of problem.contacts) {
    byCluster(columns.rows, columns.from).forEach((rows, at) => {
      if (rows.length > 0) contacts[at]!.push(contactsAt(columns, rows, place));
    });
  }
  const testRows = byCluster(problem.tests.rows, problem.tests.person);
  const reportRows = byCluster(problem.symptoms.rows, problem.symptoms.person);
  const initialRows = problem.initial && byCluster(problem.initial.rows, problem.initial.person);
  for (const [at, members] of clusters.entries()) {
    yield [
      members,
      {
        ...problem,
        persons: members.length,
        region: problem.region && Uint16Array.from(members, (person) => problem.region![person]!),
        reporting: problem.reporting && Uint8Array.from(members, (person) => problem.reporting![person]!),
        contacts: contacts[at]!,
        tests: rowsAt(problem.tests, testRows[at]!, place),
        symptoms: rowsAt(problem.symptoms, reportRows[at]!, place),
        initial: problem.initial && rowsAt<InitialColumns>(problem.initial, initialRows![at]!, place),
      },
    ];
  }
}

type PersonColumns = { readonly rows: number; readonly person: Uint32Array };

function rowsAt<Columns extends PersonColumns>(columns: Columns, rows: readonly number[], place: Uint32Array): Columns {
  const taken = Object.entries(columns).map(([name, column]: [string, unknown]) => [name, taking(column, rows)]);
  const person = Uint32Array.from(rows, (row) => place[columns.person[row]!]!);
  return { ...(Object.fromEntries(taken) as Columns), rows: rows.length, person };
}

function contactsAt(columns: ContactColumns, rows: readonly number[], place: Uint32Array): ContactColumns {
  return {
    rows: rows.length,
    from: Uint32Array.from(rows, (row) => place[columns.from[row]!]!),
    to: Uint32Array.from(rows, (row) => place[columns.to[row]!]!),
    day: taking(columns.day, rows),
    channel: taking(columns.channel, rows),
    count: taking(columns.count, rows),
    mutual: taking(columns.mutual, rows),
  };
}

/** The values of a column at rows; what is no column is itself. */
function taking<Value>(column: Value, rows: readonly number[]): Value {
  if (column instanceof Uint8Array) return Uint8Array.from(rows, (row) => column[row]!) as Value;
  if (column instanceof Uint16Array) return Uint16Array.from(rows, (row) => column[row]!) as Value;
  if (column instanceof Float64Array) return Float64Array.from(rows, (row) => column[row]!) as Value;
  return column;
}
