import { cityMeetings, cityParameters } from './outbreak.constants.ts';
import { simulateOutbreak } from './outbreak.simulator.ts';
import { Outbreak } from './outbreak.ts';
import type { OutbreakContacts, OutbreakOptions } from './outbreak.world.ts';

const options: OutbreakOptions = {
  seed: 5,
  persons: 300,
  days: 60,
  parameters: { ...cityParameters, external: 2e-3 },
  meetings: cityMeetings,
};
const testing = { capacity: 12, ofReports: 0.8, random: 6, randomKind: 1 };

/** An outbreak to its end, with somebody kept apart. */
function run(change: Partial<OutbreakOptions>, apart: (day: number) => Uint8Array | null = () => null) {
  const outbreak = new Outbreak({ ...options, ...change });
  while (outbreak.meet(apart(outbreak.day)));
  return { observed: outbreak.observed(), truth: outbreak.truth() };
}

const rowsOf = ({ rows, from, to, channel, count }: OutbreakContacts) =>
  Array.from({ length: rows }, (_, k) => [from[k], to[k], channel[k], count[k]].join(' '));

describe('an outbreak', () => {
  const { observed, truth } = simulateOutbreak({ ...options, testing });
  const { persons, days } = options;

  it('is the same for the same options, and another for another seed', () => {
    expect(simulateOutbreak({ ...options, testing })).toEqual({ seed: 5, observed, truth });
    expect(simulateOutbreak({ ...options, seed: 6, testing }).truth).not.toEqual(truth);
  });

  it('infects by somebody infectious whom one met the day before, and nobody without a cause', () => {
    const met = observed.contacts.map(
      (piece) =>
        new Set(
          rowsOf(piece).flatMap((row) => {
            const [from, to] = row.split(' ');
            return [`${from} ${to}`, `${to} ${from}`];
          }),
        ),
    );
    let byContact = 0;
    for (let person = 0; person < persons; person++) {
      const [day, from] = [truth.exposed[person]!, truth.source[person]!];
      expect(from === -2).toBe(day === days);
      if (from < 0) continue;
      byContact++;
      expect(met[day - 1]!.has(`${from} ${person}`)).toBe(true);
      expect(truth.infectious[from]).toBeLessThanOrEqual(day - 1);
      expect(truth.removed[from]).toBeGreaterThan(day - 1);
    }
    expect(byContact).toBeGreaterThan(50);
  });

  it('never tests more than its capacity, nobody twice a day, and reports of symptoms come first', () => {
    const byDay = Array.from({ length: days }, (): number[] => []);
    observed.tests.person.forEach((person, row) => byDay[observed.tests.day[row]!]!.push(person));
    for (const tested of byDay) {
      expect(tested.length).toBeLessThanOrEqual(testing.capacity);
      expect(tested.length).toBeGreaterThanOrEqual(testing.random);
      expect(new Set(tested).size).toBe(tested.length);
    }
    const kinds = observed.tests.kind;
    expect(kinds.filter((kind) => kind === 1).length).toBeGreaterThan(0);
    expect(kinds.filter((kind) => kind === 0).length).toBeGreaterThan(20);
  });

  it('observes of who has no app neither contact nor report, but is no other outbreak', () => {
    const half = simulateOutbreak({ ...options, adoption: 0.5, testing: { ...testing, ofReports: 0 } });
    expect(half.truth).toEqual(truth);
    const app = half.observed.reporting;
    const share = app.reduce((sum, has) => sum + has, 0) / persons;
    expect(Math.abs(share - 0.5)).toBeLessThan(0.12);
    for (const { from, to } of half.observed.contacts) {
      expect([...from, ...to].every((person) => app[person] === 1)).toBe(true);
    }
    expect(half.observed.symptoms.rows).toBeGreaterThan(5);
    expect([...half.observed.symptoms.person].every((person) => app[person] === 1)).toBe(true);
  });

  it('plans the same contacts whatever is done: who is apart meets nobody, the others meet as they would have', () => {
    const apart = Uint8Array.from({ length: persons }, (_, person) => (person % 3 === 0 ? 1 : 0));
    const free = run({});
    const kept = run({}, (day) => (day < 20 ? null : apart));
    free.observed.contacts.forEach((piece, day) => {
      const expected = rowsOf(piece).filter((row) => {
        const [from, to] = row.split(' ').map(Number);
        return day < 20 || (apart[from!] === 0 && apart[to!] === 0);
      });
      expect(rowsOf(kept.observed.contacts[day]!)).toEqual(expected);
    });
    for (let person = 0; person < persons; person++) {
      if (Math.min(free.truth.exposed[person]!, kept.truth.exposed[person]!) <= 20)
        expect(kept.truth.exposed[person]).toBe(free.truth.exposed[person]);
    }
  });

  it('infects nobody but from outside when all are apart, and those it does on the day on which it would', () => {
    const alone = run({}, () => new Uint8Array(persons).fill(1)).truth;
    const without = run({ meetings: [] }).truth;
    expect(alone).toEqual(without);
    expect(alone.source.every((from) => from < 0)).toBe(true);
    const free = run({}).truth;
    free.exposed.forEach((day, person) => expect(day).toBeLessThanOrEqual(alone.exposed[person]!));
  });

  it('merges contacts of a pair and channel', () => {
    const crowded = run({ persons: 3, days: 5, meetings: [{ channel: 0, groups: null, mean: 8, units: [1, 1] }] });
    for (const piece of crowded.observed.contacts) {
      expect(piece.rows).toBeLessThanOrEqual(3);
      expect(piece.count.reduce((sum, count) => sum + count, 0)).toBe(12);
    }
  });

  it('refuses a kind of test that is none', () => {
    expect(() => simulateOutbreak({ ...options, testing: { ...testing, randomKind: 2 } })).toThrow(
      expect.objectContaining({
        code: 'INVALID_WORLD',
        message: expect.stringContaining('kind of test below 2, got 2'),
      }),
    );
  });

  it.each<[string, Partial<OutbreakOptions>, string]>([
    ['no person', { persons: 0 }, 'option persons'],
    ['too many days', { days: 255 }, 'option days'],
    ['a negative seed', { seed: -1 }, 'option seed'],
    ['an adoption that is no share', { adoption: 1.5 }, 'option adoption'],
    ['durations that do not sum to one', { parameters: { ...cityParameters, exposed: [0, 0.5] } }, 'option exposed'],
    ['durations of no day', { parameters: { ...cityParameters, infectious: [1] } }, 'option infectious'],
    ['a certain infection', { parameters: { ...cityParameters, external: 1 } }, 'option external'],
    ['rates of too few days', { parameters: { ...cityParameters, external: [[0.1]] } }, 'rates of 60 days'],
    ['an unknown channel', { meetings: [{ channel: 3, groups: null, mean: 1, units: [1, 1] }] }, 'a channel below 3'],
    ['groups of nobody', { meetings: [{ channel: 0, groups: [1], mean: 1, units: [1, 1] }] }, 'option meetings.groups'],
    [
      'units out of order',
      { meetings: [{ channel: 0, groups: null, mean: 1, units: [2, 1] }] },
      'option meetings.units',
    ],
  ])('refuses %s', (_, change, part) => {
    expect(() => new Outbreak({ ...options, ...change })).toThrow(
      expect.objectContaining({ code: 'INVALID_WORLD', message: expect.stringContaining(part) }),
    );
  });
});
