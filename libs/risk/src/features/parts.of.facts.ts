import type { RiskFacts } from '../contract/index.ts';

/** What was observed of some persons, who stand in their order, and of their contacts with one another. */
export function factsAmong(facts: RiskFacts, members: Uint32Array): RiskFacts {
  const { id, region, reports } = facts.persons;
  const place = new Int32Array(id.length).fill(-1);
  members.forEach((person, at) => (place[person] = at));
  return {
    ...rowsOf(facts, place, 0),
    persons: {
      id: Array.from(members, (person) => id[person]!),
      region: Uint16Array.from(members, (person) => region[person]!),
      reports: Uint8Array.from(members, (person) => reports[person]!),
    },
  };
}

/** The days of facts from the `fold`-th on; `firstDay` is the day that it is. */
export function factsFrom(facts: RiskFacts, fold: number, firstDay: string): RiskFacts {
  const everybody = Int32Array.from({ length: facts.persons.id.length }, (_, person) => person);
  return { ...rowsOf(facts, everybody, fold), firstDay, days: facts.days - fold };
}

/** The rows of those who have a place, under it, and of days from the `fold`-th on. */
function rowsOf(facts: RiskFacts, place: Int32Array, fold: number): RiskFacts {
  const { contacts, tests, symptoms } = facts;
  const kept = (day: Uint8Array, ...persons: readonly Uint32Array[]) =>
    Uint32Array.from({ length: day.length }, (_, row) => row).filter(
      (row) => day[row]! >= fold && persons.every((person) => place[person[row]!]! >= 0),
    );
  const placed = (person: Uint32Array, rows: Uint32Array) => rows.map((row) => place[person[row]!]!);
  const taken = (column: Uint8Array, rows: Uint32Array) => Uint8Array.from(rows, (row) => column[row]!);
  const moved = (day: Uint8Array, rows: Uint32Array) => Uint8Array.from(rows, (row) => day[row]! - fold);
  const [tested, reported] = [kept(tests.day, tests.person), kept(symptoms.day, symptoms.person)];
  return {
    ...facts,
    contacts: Array.from(contacts, ({ from, to, day, channel, count, mutual }) => {
      const rows = kept(day, from, to);
      return {
        rows: rows.length,
        from: placed(from, rows),
        to: placed(to, rows),
        day: moved(day, rows),
        channel: taken(channel, rows),
        count: Uint16Array.from(rows, (row) => count[row]!),
        mutual: taken(mutual, rows),
      };
    }),
    tests: {
      rows: tested.length,
      person: placed(tests.person, tested),
      day: moved(tests.day, tested),
      kind: taken(tests.kind, tested),
      positive: taken(tests.positive, tested),
    },
    symptoms: {
      rows: reported.length,
      person: placed(symptoms.person, reported),
      day: moved(symptoms.day, reported),
    },
  };
}
