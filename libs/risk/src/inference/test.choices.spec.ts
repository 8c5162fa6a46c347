import type { RiskFacts } from '../contract/index.ts';
import { problemOf } from '../features/index.ts';
import {
  contactIndex,
  parametersOfRates,
  populationOf,
  transmissionModel,
  type TrajectorySamples,
} from '../model/index.ts';
import { testChoices } from './test.choices.ts';

const DAYS = 20;
const parameters = parametersOfRates(transmissionModel.options.parse({ scale: 5 }));
const ids = ['a', 'b', 'c', 'd', 'e'];

/** a and b live together, d works with everybody, e meets c alone; every day. */
function facts(positive: readonly (readonly [person: number, day: number])[]): RiskFacts {
  const met = [
    [0, 1, 0],
    [3, 0, 2],
    [3, 1, 2],
    [3, 2, 2],
    [4, 2, 2],
  ].flatMap(([from, to, channel]) =>
    Array.from({ length: DAYS - 1 }, (_, day) => ({ from: from!, to: to!, channel: channel!, day })),
  );
  return {
    firstDay: '2026-03-01',
    days: DAYS,
    persons: { id: ids, region: new Uint16Array(5), reports: new Uint8Array(5) },
    contacts: [
      {
        rows: met.length,
        from: Uint32Array.from(met, ({ from }) => from),
        to: Uint32Array.from(met, ({ to }) => to),
        day: Uint8Array.from(met, ({ day }) => day),
        channel: Uint8Array.from(met, ({ channel }) => channel),
        count: new Uint16Array(met.length).fill(4),
        mutual: new Uint8Array(met.length).fill(1),
      },
    ],
    tests: {
      rows: positive.length,
      person: Uint32Array.from(positive, ([person]) => person),
      day: Uint8Array.from(positive, ([, day]) => day),
      kind: new Uint8Array(positive.length),
      positive: new Uint8Array(positive.length).fill(1),
    },
    symptoms: { rows: 0, person: new Uint32Array(), day: new Uint8Array() },
  };
}

/** Whoever is named is infectious since day 15 in a sample. */
function samplesOf(...infected: readonly (readonly number[])[]): TrajectorySamples {
  const column = (day: number) =>
    Uint8Array.from(infected.flatMap((who) => ids.map((_, person) => (who.includes(person) ? day : DAYS))));
  const cells = infected.length * 5;
  return {
    samples: infected.length,
    persons: 5,
    days: DAYS,
    exposed: column(12),
    infectious: column(15),
    removed: column(DAYS),
    lead: new Uint8Array(cells),
  };
}

function chosen(of: RiskFacts, samples: TrajectorySamples) {
  const problem = problemOf(of, parameters);
  return testChoices(of, populationOf(problem, contactIndex(problem)), parameters, samples);
}

describe('whom an inference would have tested', () => {
  it('is told for each kind of test, the one who would infect most first', () => {
    const kinds = chosen(facts([]), samplesOf([3], [4], [3, 4], []));
    expect(kinds.map(({ kind }) => kind)).toEqual([0, 1, 2]);
    for (const { choices } of kinds) expect(choices.map(({ person }) => person)).toEqual([3, 4]);
    const [{ choices: pcr }, { choices: antigen }] = kinds as [(typeof kinds)[number], (typeof kinds)[number]];
    expect(pcr[0]!.averted).toBeGreaterThan(antigen[0]!.averted);
    expect(pcr[0]!.information).toBeGreaterThan(antigen[0]!.information);
  });

  it('is one of a household where both are infected together, then somebody else', () => {
    const { choices } = chosen(facts([]), samplesOf([0, 1], [0, 1], [4], []))[0]!;
    expect([0, 1]).toContain(choices[0]!.person);
    expect(choices[1]!.person).toBe(4);
  });

  it('is nobody who tested positive lately, whose household is worth no test by that alone', () => {
    const who = (of: RiskFacts) => chosen(of, samplesOf([0], [0], [4], []))[0]!.choices.map(({ person }) => person);
    expect(who(facts([]))).toEqual([0, 4]);
    expect(who(facts([[0, 18]]))).toEqual([4]);
    expect(who(facts([[0, 3]]))).toEqual([0, 4]);
  });

  it('is nobody where nobody is infected', () => {
    expect(chosen(facts([]), samplesOf([], [])).map(({ choices }) => choices)).toEqual([[], [], []]);
  });
});
