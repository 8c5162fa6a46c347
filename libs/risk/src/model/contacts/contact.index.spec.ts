import { contactColumns, type ContactColumns } from '../../contract/index.ts';
import { randomProblem } from '../fixtures/random.problems.ts';
import { uniforms } from '../random/threefry.ts';
import { entryAt } from './contact.entries.ts';
import { contactIndex, type ContactIndex } from './contact.index.ts';

/** The index as text: person, day, other: units by channel. */
function lines({ persons, days, channels, start, low, high, classBits, exposures }: ContactIndex): string[] {
  const told: string[] = [];
  for (let cell = 0; cell < persons * days; cell++) {
    for (let k = start[cell]!; k < start[cell + 1]!; k++) {
      const entry = entryAt(low, high, k);
      const exposure = entry & (2 ** classBits - 1);
      const units = exposures.subarray(exposure * channels, (exposure + 1) * channels);
      told.push(`${Math.floor(cell / days)} ${cell % days} ${entry >>> classBits}: ${[...units].join(' ')}`);
    }
  }
  return told;
}

/** The same from the rows one by one. */
function expected(days: number, channels: number, contacts: Iterable<ContactColumns>): string[] {
  const units = new Map<string, number[]>();
  const add = (giver: number, taker: number, day: number, channel: number, count: number) => {
    const key = [giver, day, taker].join();
    const own = units.get(key) ?? new Array<number>(channels).fill(0);
    own[channel]! += count;
    units.set(key, own);
  };
  for (const { rows, from, to, day, channel, count, mutual } of contacts) {
    for (let row = 0; row < rows; row++) {
      if (day[row]! >= days - 1) continue;
      add(from[row]!, to[row]!, day[row]!, channel[row]!, count[row]!);
      add(to[row]!, from[row]!, day[row]!, channel[row]!, mutual[row] === 1 ? count[row]! : 0);
    }
  }
  return [...units]
    .map(([key, own]) => ({ at: key.split(',').map(Number), own }))
    .sort((a, b) => a.at[0]! - b.at[0]! || a.at[1]! - b.at[1]! || a.at[2]! - b.at[2]!)
    .map(({ at, own }) => `${at.join(' ')}: ${own.join(' ')}`);
}

describe('the index of contacts', () => {
  it.each([
    [1, 5, 12, 40, 2 ** 24],
    [2, 5, 12, 400, 16],
    [3, 40, 30, 2_000, 100],
    [4, 3, 4, 3_000, 2 ** 24],
  ])(
    'holds each pair and day once, counts added up, whatever the buckets (%i)',
    (seed, persons, days, rows, bucket) => {
      const problem = randomProblem(seed, { persons, days, contacts: rows, tests: 0 });
      const index = contactIndex(problem, bucket);
      expect(lines(index)).toEqual(expected(days, 2, problem.contacts));
      expect(index.start.buffer).toBeInstanceOf(SharedArrayBuffer);
    },
  );

  it('is the same for rows in any order', () => {
    const problem = randomProblem(5, { persons: 20, days: 9, contacts: 600, tests: 0 });
    const uniform = uniforms(5, 1);
    const [a, b] = problem.contacts;
    const rows = [a!, b!]
      .flatMap(({ rows, from, to, day, channel, count, mutual }) =>
        Array.from({ length: rows }, (_, row) => ({
          from: from[row]!,
          to: to[row]!,
          day: day[row]!,
          channel: channel[row]!,
          count: count[row]!,
          mutual: mutual[row] === 1,
        })),
      )
      .map((row) => ({ row, at: uniform() }))
      .sort((x, y) => x.at - y.at)
      .map(({ row }) => row);
    expect(lines(contactIndex({ ...problem, contacts: [contactColumns(rows)] }))).toEqual(lines(contactIndex(problem)));
  });

  it('is empty where nobody met, or only on the last day', () => {
    const problem = randomProblem(6, { persons: 4, days: 3, contacts: 0, tests: 0 });
    expect(contactIndex(problem).low).toHaveLength(0);
    const late = contactColumns([{ from: 0, to: 1, day: 2, mutual: true }]);
    expect(contactIndex({ ...problem, contacts: [late] }).low).toHaveLength(0);
  });

  it.each([
    ['three bytes where persons and classes fit', 1, { length: 40, counts: 8, pairs: 40 }],
    ['four where there are more classes', 2, { length: 40, counts: 9, pairs: 40 }],
    ['four where it is sums that are more classes', 2, { length: 400, counts: 8, pairs: 5 }],
  ])('takes %s', (_, bytes, { length, counts, pairs }) => {
    const { parameters } = randomProblem(8, { persons: 1, days: 1, contacts: 0, tests: 0 });
    const persons = 2 ** 19 + 1;
    const rows = Array.from({ length }, (_, row) => {
      const from = (row % pairs) * 10_000;
      return { from, to: from + 7, day: 0, count: 1 + (row % counts), mutual: true };
    });
    const problem = { persons, days: 2, parameters, contacts: [contactColumns(rows)] };
    const index = contactIndex(problem);
    expect(index.high.BYTES_PER_ELEMENT).toBe(bytes);
    expect(lines(index)).toEqual(expected(2, index.channels, problem.contacts));
  });

  it('refuses more different exposures than fit beside the persons', () => {
    const { parameters } = randomProblem(7, { persons: 1, days: 1, contacts: 0, tests: 0 });
    const rows = Array.from({ length: 300 }, (_, k) => ({ from: k, to: k + 1, day: 0, count: k + 1 }));
    const problem = { persons: 2 ** 24, days: 2, parameters, contacts: [contactColumns(rows)] };
    expect(() => contactIndex(problem)).toThrow(expect.objectContaining({ code: 'TOO_MANY_EXPOSURES' }));
  });
});
