import { simulateRisk } from './risk.simulator.ts';

const options = { seed: 7, persons: 600, days: 40, lastDay: '2026-03-31', infected: 4 };
const world = simulateRisk(options);
const { exposed, infectious, removed, by } = world.truth;

describe('simulateRisk', () => {
  it('gives the same world for the same seed, and another for another', () => {
    expect(simulateRisk(options)).toEqual(world);
    expect(simulateRisk({ ...options, seed: 8 }).contacts).not.toEqual(world.contacts);
  });

  it('lets nobody be infectious before infection, or removed before that', () => {
    for (let person = 0; person < options.persons; person++) {
      if (exposed[person] === options.days) expect([infectious[person], removed[person]]).toEqual([40, 40]);
      else {
        expect(infectious[person]! > exposed[person]!).toBe(true);
        expect(removed[person]! >= infectious[person]!).toBe(true);
      }
    }
  });

  it('spreads by contacts of the day before with somebody infectious alone', () => {
    const met = new Set(
      world.contacts.flatMap(({ from, to, day }) => [`${from} ${to} ${day}`, `${to} ${from} ${day}`]),
    );
    const infected = [...by.keys()].filter((person) => by[person]! >= 0);
    expect(infected.length).toBeGreaterThan(20);
    for (const person of infected) {
      const [source, day] = [by[person]!, exposed[person]! - 1];
      expect(met).toContain(`${source} ${person} ${day}`);
      expect(day >= infectious[source]! && day < removed[source]!).toBe(true);
    }
  });

  it('meets each pair once a day and channel, and nobody itself', () => {
    const met = world.contacts.map(({ from, to, day, channel }) =>
      [Math.min(from, to), Math.max(from, to), day, channel].join(' '),
    );
    expect(new Set(met).size).toBe(met.length);
    expect(world.contacts.every(({ from, to }) => from !== to)).toBe(true);
  });

  it('tests those who reported, and finds most of the infectious among the tested', () => {
    const found = world.tests.filter(({ person, day }) => day >= infectious[person]! && day < removed[person]!);
    expect(found.length).toBeGreaterThan(10);
    expect(found.filter(({ positive }) => positive).length / found.length).toBeGreaterThan(0.7);
    expect(world.symptoms.length).toBeGreaterThan(10);
  });

  it.each([
    ['persons', 1],
    ['days', 300],
    ['infected', 601],
  ])('refuses %s of %d', (field, value) => {
    expect(() => simulateRisk({ ...options, [field]: value })).toThrow(
      expect.objectContaining({ code: 'INVALID_WORLD', details: { field } }),
    );
  });
});
