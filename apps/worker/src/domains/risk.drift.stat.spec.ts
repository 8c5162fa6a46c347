import { profileOf, type ProfiledRows } from '@haat/monitoring';
import { personDayFeatures, personDays } from '@haat/risk/features';
import type { ContactColumns, RiskFacts, TestColumns } from '@haat/risk/contract';
import { cityMeetings, cityParameters, simulateOutbreak, type ObservedOutbreak } from '@haat/simulators';

const everybody = { rows: Infinity, seed: 1 };

/** A city where the disease comes from outside and seldom goes on, so that nothing changes for weeks: four of them to settle, four, and one. */
function steadyCity(seed: number, persons: number, tests: number): ObservedOutbreak {
  const channels = cityParameters.channels.map((one) => ({ ...one, probability: 0.15 * one.probability }));
  return simulateOutbreak({
    seed,
    persons,
    days: 63,
    parameters: { ...cityParameters, external: 1e-3, channels },
    meetings: cityMeetings,
    adoption: 0.8,
    testing: { capacity: persons, ofReports: 1, random: tests, randomKind: 1 },
  }).observed;
}

/** What was observed on some days. */
function factsOf(city: ObservedOutbreak, from: number, days: number): RiskFacts {
  const within = <Rows extends { readonly day: Uint8Array }>(table: Rows): Rows => {
    const kept = [...table.day.keys()].filter((row) => table.day[row]! >= from && table.day[row]! < from + days);
    const taken = Object.entries(table).map(([name, column]: [string, Uint8Array | number]) => {
      if (typeof column === 'number') return [name, kept.length];
      const rows = column.slice(0, kept.length);
      kept.forEach((row, k) => (rows[k] = column[row]! - (name === 'day' ? from : 0)));
      return [name, rows];
    });
    return Object.fromEntries(taken) as Rows;
  };
  return {
    firstDay: '2026-01-01',
    days,
    persons: {
      id: Array.from({ length: city.persons }, (_, person) => `p${person}`),
      region: new Uint16Array(city.persons),
      reports: city.reporting,
    },
    contacts: city.contacts.slice(from, from + days).map((piece): ContactColumns => within(piece)),
    tests: within<TestColumns>(city.tests),
    symptoms: within(city.symptoms),
  };
}

const learned = (city: ObservedOutbreak) => personDays(factsOf(city, 28, 28), everybody);
const weekOf = (city: ObservedOutbreak) => factsOf(city, 56, 7);
const drifted = (before: ProfiledRows, after: ProfiledRows, falseAlarms: number) =>
  profileOf(personDayFeatures, before, after, falseAlarms).flatMap((one) => (one.drifted ? [one.feature] : []));
const alone = ({ rows, columns }: ProfiledRows): ProfiledRows => ({ rows, columns });

describe('the drift of what goes into inference', () => {
  const worlds = 32;
  const falseAlarms = 0.2;
  let shares: Record<'same' | 'other' | 'alone', number>;

  beforeAll(() => {
    const cities = Array.from({ length: worlds + 1 }, (_, seed) => {
      const city = steadyCity(seed, 600, 12);
      return { before: learned(city), after: personDays(weekOf(city), everybody) };
    });
    const shareOf = (alarms: (at: number) => readonly string[]) =>
      cities.slice(1).reduce((sum, _, at) => sum + Number(alarms(at + 1).length > 0), 0) / worlds;
    shares = {
      same: shareOf((at) => drifted(cities[at]!.before, cities[at]!.after, falseAlarms)),
      other: shareOf((at) => drifted(cities[at - 1]!.before, cities[at]!.after, falseAlarms)),
      alone: shareOf((at) => drifted(alone(cities[at - 1]!.before), alone(cities[at]!.after), falseAlarms)),
    };
  }, 300_000);

  it('keeps to the false alarms that it was asked for where nothing changes', () => {
    expect(shares.same).toBeLessThanOrEqual(falseAlarms);
  });

  it('does so of another city of the same kind, and because households count, not persons and days', () => {
    expect(shares.other).toBeLessThanOrEqual(falseAlarms);
    expect(shares.alone).toBeGreaterThan(2 * falseAlarms);
  });

  describe('at one false alarm in a thousand', () => {
    const city = steadyCity(1, 3_000, 400);
    const before = learned(city);
    const week = weekOf(city);
    const found = (facts: RiskFacts) => drifted(before, personDays(facts, everybody), 0.001);

    it('is none where nothing changes', () => {
      expect(found(week)).toEqual([]);
    });

    it('is found where contacts are halved, and nowhere else', () => {
      const contacts = Array.from(week.contacts, (piece): ContactColumns => {
        const rows = piece.rows >> 1;
        const half = <Column extends Uint8Array | Uint16Array | Uint32Array>(column: Column) =>
          column.filter((_, row) => row % 2 === 1) as Column;
        const { from, to, day, channel, count, mutual } = piece;
        return {
          rows,
          from: half(from),
          to: half(to),
          day: half(day),
          channel: half(channel),
          count: half(count),
          mutual: half(mutual),
        };
      });
      expect(found({ ...week, contacts })).toEqual(['contacts', 'contact_units']);
    });

    it('is found where a kind of test is positive twice as often, and nowhere else', () => {
      const { tests } = week;
      const ofKind = [...tests.kind.keys()].filter((row) => tests.kind[row] === 1);
      const more = ofKind.reduce((sum, row) => sum + tests.positive[row]!, 0);
      const positive = tests.positive.slice();
      for (const row of ofKind.filter((one) => positive[one] === 0).slice(0, more)) positive[row] = 1;
      expect(found({ ...week, tests: { ...tests, positive } })).toEqual(['antigen']);
    });

    it('is found where half of the apps are gone, and half of the persons untested', () => {
      const reports = week.persons.reports.map((one, person) => one * (person % 2));
      const kept = [...week.tests.person.keys()].filter((row) => week.tests.person[row]! % 2 === 1);
      const tests: TestColumns = {
        rows: kept.length,
        person: Uint32Array.from(kept, (row) => week.tests.person[row]!),
        day: Uint8Array.from(kept, (row) => week.tests.day[row]!),
        kind: Uint8Array.from(kept, (row) => week.tests.kind[row]!),
        positive: Uint8Array.from(kept, (row) => week.tests.positive[row]!),
      };
      const changed = found({ ...week, persons: { ...week.persons, reports }, tests });
      expect(changed).toEqual(expect.arrayContaining(['symptoms', 'antigen']));
      expect(changed).not.toContain('contacts');
    });
  });
});
