import { contactColumns, symptomColumns, testColumns, type RiskFacts } from '../contract/index.ts';
import { personDays } from './person.days.ts';

const facts: RiskFacts = {
  firstDay: '2026-03-01',
  days: 2,
  persons: {
    id: ['asha', 'bela', 'chand', 'deepa'],
    region: Uint16Array.of(0, 0, 7, 7),
    reports: Uint8Array.of(1, 1, 1, 0),
  },
  contacts: [
    contactColumns([
      { from: 0, to: 1, day: 0, channel: 0, count: 12 },
      { from: 0, to: 2, day: 1, channel: 2, count: 3, mutual: false },
    ]),
    contactColumns([{ from: 2, to: 0, day: 1, channel: 2, count: 4, mutual: false }]),
  ],
  tests: testColumns([
    { person: 1, day: 1, kind: 0, positive: true },
    { person: 1, day: 1, kind: 0, positive: false },
    { person: 3, day: 0, kind: 1, positive: false },
  ]),
  symptoms: symptomColumns([{ person: 2, day: 1 }]),
};
const all = { rows: 9, seed: 1 };

describe('personDays', () => {
  it('tells what was observed of each person on each day, by person and then day', () => {
    const { rows, columns } = personDays(facts, all);
    expect(rows).toBe(8);
    expect([...columns.contacts]).toEqual([1, 2, 1, 0, 0, 2, 0, 0]);
    expect([...columns.contact_units]).toEqual([12, 7, 12, 0, 0, 7, 0, 0]);
    expect([...columns.symptoms]).toEqual([0, 0, 0, 0, 0, 1, NaN, NaN]);
    expect(columns.region).toEqual(['0', '0', '0', '0', '7', '7', '7', '7']);
    expect(columns.pcr).toEqual(['none', 'none', 'none', 'positive', 'none', 'none', 'none', 'none']);
    expect(columns.antigen).toEqual(['none', 'none', 'none', 'none', 'none', 'none', 'negative', 'none']);
    expect(columns.antibody).toEqual(new Array(8).fill('none'));
  });

  it('takes all days of a household together, and names nobody', () => {
    const told = personDays(facts, all);
    expect([...told.groups]).toEqual([0, 0, 0, 0, 1, 1, 2, 2]);
    const text = JSON.stringify(told);
    for (const id of facts.persons.id) expect(text).not.toContain(id);
  });

  it('begins with the first day on which anything was observed', () => {
    const later = (day: Uint8Array) => day.map((one) => one + 3);
    const contacts = Array.from(facts.contacts, (piece) => ({ ...piece, day: later(piece.day) }));
    const tests = { ...facts.tests, day: later(facts.tests.day) };
    const symptoms = { ...facts.symptoms, day: later(facts.symptoms.day) };
    expect(personDays({ ...facts, days: 5, contacts, tests, symptoms }, all)).toEqual(personDays(facts, all));
    const none = { contacts: [], tests: testColumns([]), symptoms: symptomColumns([]) };
    expect(personDays({ ...facts, ...none }, all).rows).toBe(0);
  });

  it('draws persons by their pseudonyms, whoever else there is', () => {
    const few = (of: RiskFacts, seed: number) => personDays(of, { rows: 2, seed });
    expect(few(facts, 1)).toEqual(few(facts, 1));
    expect(few(facts, 1).rows).toBe(4);
    const texts = ({ columns }: ReturnType<typeof few>) => columns.region as readonly string[];
    const drawn = Array.from({ length: 20 }, (_, seed) => texts(few(facts, seed)).join());
    expect(new Set(drawn).size).toBeGreaterThan(1);
    const region = Uint16Array.of(7, 7, 0, 0);
    const turned = { ...facts, persons: { ...facts.persons, id: facts.persons.id.toReversed(), region } };
    for (let seed = 0; seed < 20; seed++) {
      const places = (of: RiskFacts) => texts(few(of, seed)).toSorted();
      expect(places(turned)).toEqual(places(facts));
    }
    expect(personDays(facts, { rows: 0, seed: 1 })).toMatchObject({ rows: 0, groups: new Uint32Array() });
  });
});
