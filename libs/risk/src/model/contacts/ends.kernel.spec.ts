import { uniforms } from '../random/threefry.ts';
import { contactEntries, NARROW, WIDE, type EntryBits } from './contact.entries.ts';
import { EndsKernel } from './ends.kernel.ts';

const CLASS_BITS = 3;

/** Ends of cells of 0 to 40 words, in any order; words come back often, so do persons. */
function randomEnds(seed: number, bits: EntryBits) {
  const uniform = uniforms(seed, 1);
  const below = (limit: number) => Math.floor(uniform() * limit);
  const ends = Array.from({ length: 60 }, (_, cell) => Array.from({ length: below(41) }, () => ({ cell })))
    .flat()
    .map(({ cell }) => ({ cell, word: below(2) === 0 ? below(40) : 2 ** bits - 1 - below(40), at: uniform() }))
    .sort((a, b) => a.at - b.at);
  const entries = contactEntries(ends.length, bits);
  ends.forEach(({ word }, k) => {
    entries.low[k] = word;
    entries.high[k] = word >>> 16;
  });
  return { ends, entries, cell: Uint16Array.from(ends, ({ cell }) => cell) };
}

describe('sorting of the ends of a bucket', () => {
  it.each([
    [1, NARROW],
    [2, NARROW],
    [3, WIDE],
    [4, WIDE],
  ])('orders them by cell and word, and tells who comes again (seed %i, %i bits)', (seed, bits) => {
    const { ends, entries, cell } = randomEnds(seed, bits);
    const sorted = ends.toSorted((a, b) => a.cell - b.cell || a.word - b.word);
    const again = sorted.flatMap(({ cell, word }, k) => {
      const before = sorted[k - 1];
      return before?.cell === cell && before.word >>> CLASS_BITS === word >>> CLASS_BITS ? [k] : [];
    });
    const kernel = new EndsKernel(ends.length + 5, 70);
    const found = kernel.sort(entries, cell, 60, CLASS_BITS);
    expect([...kernel.words.subarray(0, ends.length)]).toEqual(sorted.map(({ word }) => word));
    expect([...kernel.bounds.subarray(0, 61)]).toEqual(
      Array.from({ length: 61 }, (_, cell) => ends.filter((end) => end.cell < cell).length),
    );
    expect([...kernel.repeated.subarray(0, found)]).toEqual(again);
  });

  it('sorts one bucket after the other in the same memory', () => {
    const kernel = new EndsKernel(4, 3);
    const ends = (...words: number[]) => ({ low: Uint16Array.from(words), high: new Uint8Array(words.length) });
    kernel.sort(ends(9, 8, 7, 6), Uint16Array.of(2, 2, 0, 1), 3, 1);
    expect([...kernel.words]).toEqual([7, 6, 8, 9]);
    expect(kernel.sort(ends(), new Uint16Array(), 3, 1)).toBe(0);
    expect([...kernel.bounds]).toEqual([0, 0, 0, 0]);
    expect(kernel.sort(ends(5, 4), Uint16Array.of(1, 1), 2, 1)).toBe(1); // 2 and 2, the words but for a bit
    expect([...kernel.words.subarray(0, 2)]).toEqual([4, 5]);
    expect(kernel.repeated[0]).toBe(1);
  });
});
