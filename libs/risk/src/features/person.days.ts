import type { Batch, FeatureSpec } from '@haat/kit';
import { contactChannels, testKinds, type RiskFacts, type TestKindName } from '../contract/index.ts';

const HOUSEHOLD = contactChannels.indexOf('household');
const NO_TEST = 'none';

const testFeature = (kind: TestKindName): FeatureSpec => ({
  dtype: 'string',
  unit: '1',
  doc: `What the ${kind} test of the person and day said; missing where there was none`,
  missing: NO_TEST,
});

/** What goes into inference of a person on a day. */
export const personDayFeatures = {
  contacts: { dtype: 'float32', unit: '1', doc: 'Contacts with others' },
  contact_units: { dtype: 'float32', unit: '15 min', doc: 'Time of all of them, weighted by distance' },
  symptoms: { dtype: 'float32', unit: '1', doc: '1 where symptoms were reported; missing of who would not report any' },
  region: { dtype: 'string', unit: '1', doc: 'Region of the person' },
  pcr: testFeature('pcr'),
  antigen: testFeature('antigen'),
  antibody: testFeature('antibody'),
} as const satisfies Readonly<Record<string, FeatureSpec>> & Readonly<Record<TestKindName, FeatureSpec>>;

/** Persons of a sample at the most, and what draws them. */
export interface PersonDraw {
  readonly rows: number;
  readonly seed: number;
}

/**
 * What was observed of persons drawn by their pseudonyms, a row for each person and day; none of them says whose it is. Rows of a household, all days of all who share one, are
 * one group: they meet the same people, fall ill together and are tested together. Days before the first on which anything was observed say nothing, and are left out.
 *
 * @returns rows, columns by `personDayFeatures`, and the group of each row
 */
export function personDays(
  facts: RiskFacts,
  draw: PersonDraw,
): Batch<keyof typeof personDayFeatures> & { readonly groups: Uint32Array } {
  const { persons, contacts, tests, symptoms } = facts;
  const begin = firstObserved(facts);
  const days = facts.days - begin;
  const drawn = drawnPersons(persons.id, draw);
  const first = new Int32Array(persons.id.length).fill(-1);
  drawn.forEach((person, at) => (first[person] = at * days));
  const rowOf = (person: number, day: number) => (first[person]! < 0 ? -1 : first[person]! + day - begin);
  const rows = drawn.length * days;
  const [met, units, reported] = [new Float32Array(rows), new Float32Array(rows), new Float32Array(rows)];
  for (const { rows: length, from, to, day, count } of contacts) {
    for (let k = 0; k < length; k++) {
      for (const person of [from[k]!, to[k]!]) {
        const row = rowOf(person, day[k]!);
        if (row < 0) continue;
        met[row]! += 1;
        units[row]! += count[k]!;
      }
    }
  }
  const said = testKinds.map(() => new Array<string>(rows).fill(NO_TEST));
  for (let k = 0; k < tests.rows; k++) {
    const row = rowOf(tests.person[k]!, tests.day[k]!);
    const column = said[tests.kind[k]!]!;
    if (row >= 0 && column[row] !== 'positive') column[row] = tests.positive[k] === 1 ? 'positive' : 'negative';
  }
  drawn.forEach((person, at) => {
    if (persons.reports[person] === 0) reported.fill(NaN, at * days, (at + 1) * days);
  });
  for (let k = 0; k < symptoms.rows; k++) {
    const row = rowOf(symptoms.person[k]!, symptoms.day[k]!);
    if (row >= 0) reported[row] = 1;
  }
  const household = households(facts);
  const region = new Array<string>(rows);
  const groups = new Uint32Array(rows);
  drawn.forEach((person, at) => {
    region.fill(String(persons.region[person]!), at * days, (at + 1) * days);
    groups.fill(household[person]!, at * days, (at + 1) * days);
  });
  const [pcr, antigen, antibody] = said as [string[], string[], string[]];
  return {
    rows,
    columns: {
      contacts: met,
      contact_units: units,
      symptoms: reported,
      region,
      pcr,
      antigen,
      antibody,
    },
    groups,
  };
}

/** The first day on which anything was observed; their number where nothing was. */
function firstObserved({ days, contacts, tests, symptoms }: RiskFacts): number {
  let first = days;
  const look = ({ day }: { readonly day: Uint8Array }) => {
    for (let row = 0; row < day.length; row++) if (day[row]! < first) first = day[row]!;
  };
  for (const piece of contacts) look(piece);
  for (const columns of [tests, symptoms]) look(columns);
  return first;
}

/** The number of each person's household, from 0 on: who meets at home, and who meets them there. */
function households({ persons, contacts }: Pick<RiskFacts, 'persons' | 'contacts'>): Uint32Array {
  const parent = Uint32Array.from(persons.id.keys());
  const rootOf = (person: number): number => {
    let at = person;
    while (parent[at] !== at) at = parent[at] = parent[parent[at]!]!;
    return at;
  };
  for (const { rows, from, to, channel } of contacts)
    for (let k = 0; k < rows; k++) if (channel[k] === HOUSEHOLD) parent[rootOf(from[k]!)] = rootOf(to[k]!);
  const number = new Map<number, number>();
  return parent.map((_, person) => {
    const root = rootOf(person);
    if (!number.has(root)) number.set(root, number.size);
    return number.get(root)!;
  });
}

/** Positions of persons of a seeded sample, ascending: the same pseudonyms are drawn wherever they stand. */
function drawnPersons(ids: readonly string[], { rows, seed }: PersonDraw): Uint32Array {
  const all = Uint32Array.from(ids.keys());
  if (ids.length <= rows) return all;
  const place = Float64Array.from(ids, (id) => mixed(id, seed));
  return all
    .sort((a, b) => place[a]! - place[b]! || a - b)
    .slice(0, rows)
    .sort();
}

/** 32 bits of a text and a seed: FNV-1a, then the finalizer of MurmurHash3. */
function mixed(text: string, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) | 0;
  for (let k = 0; k < text.length; k++) hash = Math.imul(hash ^ text.charCodeAt(k), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
