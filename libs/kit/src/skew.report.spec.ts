import { replayOf, skewText, SkewTally } from './index.ts';

const recorded = (k: number) => ({
  id: `p${k}`,
  input: { weight: k, category: 'toys' },
  output: { probability: [0.5, 0.25] },
});
const tallyOf = (skewed: (k: number) => object, rows = 10) => {
  const tally = new SkewTally();
  const sample = Array.from({ length: rows }, (_, k) => recorded(k));
  tally.add(
    sample,
    sample.map((one, k) => replayOf(one, { input: { ...one.input, ...skewed(k) }, output: one.output })),
  );
  return tally.report();
};

describe('SkewTally', () => {
  it('says of every feature that it compared that nothing differs', () => {
    expect(tallyOf(() => ({}))).toEqual({
      rows: 10,
      differing: 0,
      skew: [],
      shares: { category: 0, probability: 0, weight: 0 },
    });
  });

  it('counts rows, the largest difference and a few examples by feature, the most frequent first', () => {
    const report = tallyOf((k) => ({ ...(k % 2 === 0 && { weight: k + k / 10 }), ...(k === 3 && { category: 'x' }) }));
    expect(report).toMatchObject({ rows: 10, differing: 5, shares: { weight: 0.4, category: 0.1, probability: 0 } });
    expect(report.skew.map(({ feature, differing }) => [feature, differing])).toEqual([
      ['weight', 4],
      ['category', 1],
    ]);
    expect(report.skew[0]!.largest).toBeCloseTo(0.8, 12);
    expect(report.skew[0]!.examples).toHaveLength(3);
    expect(report.skew[0]!.examples[0]).toEqual({ id: 'p2', recorded: '2', replayed: '2.2' });
  });

  it('counts a row once, though several entries of a list differ', () => {
    const tally = new SkewTally();
    tally.add(
      [recorded(1)],
      [replayOf(recorded(1), { input: recorded(1).input, output: { probability: [0.4, 0.2] } })],
    );
    expect(tally.report()).toMatchObject({ differing: 1, skew: [{ feature: 'probability', differing: 1 }] });
  });

  it('adds up what others counted to what one tally would have, and tells it in words', () => {
    const skewed = (k: number) => (k % 2 === 0 ? { weight: 2 * k + 1 } : {});
    const parts = new SkewTally();
    parts.addReport(tallyOf(skewed, 4));
    parts.addReport(tallyOf(skewed, 6));
    const whole = new SkewTally();
    for (const rows of [4, 6]) {
      const sample = Array.from({ length: rows }, (_, k) => recorded(k));
      const again = (k: number) => ({ input: { ...sample[k]!.input, ...skewed(k) }, output: sample[k]!.output });
      const replays = sample.map((one, k) => replayOf(one, again(k)));
      whole.addDiffering(replays.filter(({ same }) => !same));
      whole.addSame(replays.filter(({ same }) => same).length, ['weight', 'category', 'probability']);
    }
    expect(parts.report()).toEqual(whole.report());
    expect(skewText(parts.report(), 'prediction')).toBe(
      'weight in 5 (by up to 5; prediction p0: 0 was served, 1 comes out)',
    );
  });
});
