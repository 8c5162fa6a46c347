import { plattCalibration } from './platt.calibration.ts';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('plattCalibration', () => {
  it('recovers offset and slope exactly from expected counts', () => {
    const logit = Float64Array.from({ length: 40 }, (_, i) => -4 + i / 8);
    const trials = logit.map(() => 1000);
    const successes = logit.map((x) => 1000 * sigmoid(-0.7 + 1.3 * x));
    const { offset, slope } = plattCalibration(logit, successes, trials)!;
    expect(offset).toBeCloseTo(-0.7, 9);
    expect(slope).toBeCloseTo(1.3, 9);
  });

  it('makes predicted and observed successes equal', () => {
    const logit = [-2, -1, 0, 1];
    const successes = [3, 1, 9, 8];
    const trials = [20, 11, 14, 10];
    const { offset, slope } = plattCalibration(logit, successes, trials)!;
    const predicted = logit.reduce((sum, x, i) => sum + trials[i]! * sigmoid(offset + slope * x), 0);
    expect(predicted).toBeCloseTo(21, 6);
  });

  it('keeps the order even of predictions that are the wrong way round', () => {
    const { slope } = plattCalibration([-1, 1], [9, 1], [10, 10])!;
    expect(slope).toBeGreaterThan(0);
  });

  it('has no answer where the likelihood has no maximum', () => {
    expect(plattCalibration([-1, 1], [0, 0], [10, 10])).toBeNull();
  });
});
