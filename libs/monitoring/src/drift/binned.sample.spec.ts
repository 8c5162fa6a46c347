import { binnedSample, stabilityOf } from '../index.ts';

/** Rows of `bins` bins in equal parts but for the first ones, each as often as `copies` says, in a group of its own. */
function sample(rows: number, bins: number, copies = 1, grouped = true) {
  const binOf = Int8Array.from({ length: rows * copies }, (_, k) => {
    const row = Math.floor(k / copies);
    return row % 10 === 0 ? 0 : row % bins;
  });
  const groups = Uint32Array.from(binOf, (_, k) => Math.floor(k / copies));
  return binnedSample(binOf, bins, grouped ? groups : undefined);
}

describe('the threshold of rows in groups', () => {
  it('is that of independent rows where each is a group of its own', () => {
    const [own, none] = [true, false].map((grouped) =>
      stabilityOf(sample(2_000, 4, 1, grouped), sample(1_000, 4, 1, grouped), 0.01),
    );
    expect(own!.psi).toBe(none!.psi);
    expect(own!.threshold! / none!.threshold!).toBeGreaterThanOrEqual(1);
    expect(own!.threshold! / none!.threshold!).toBeLessThan(1.01);
  });

  it('does not fall when rows are written down again and again', () => {
    const { threshold } = stabilityOf(sample(2_000, 4, 1), sample(1_000, 4, 1), 0.01);
    for (const copies of [2, 7]) {
      const again = stabilityOf(sample(2_000, 4, copies), sample(1_000, 4, copies), 0.01);
      expect(again.threshold! / threshold!).toBeCloseTo(1, 2);
      const alone = stabilityOf(sample(2_000, 4, copies, false), sample(1_000, 4, copies, false), 0.01);
      expect(threshold! / alone.threshold!).toBeCloseTo(copies, 1);
    }
  });

  it('does not judge groups that are too few to say how they vary', () => {
    expect(stabilityOf(sample(2_000, 4), sample(9, 4, 500), 0.01)).toEqual({ psi: 0, threshold: null });
  });

  it('leaves rows without a value out, and does not count groups without any', () => {
    const groups = Uint32Array.from({ length: 400 }, (_, k) => k >> 1);
    const values = Int8Array.from({ length: 400 }, (_, k) => (k < 200 ? -1 : k % 2));
    const { counts, byGroup } = binnedSample(values, 2, groups);
    expect([...counts]).toEqual([100, 100]);
    expect(byGroup!.reduce((sum, count) => sum + count, 0)).toBe(200);
    expect([...byGroup!.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
  });
});
