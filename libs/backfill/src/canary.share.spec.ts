import { inCanary } from './canary.share.ts';

const keys = Array.from({ length: 20_000 }, (_, at) => `product-${at}`);
const chosen = (seed: number, share: number) => keys.filter((key) => inCanary(key, seed, share));

describe('inCanary', () => {
  it('takes all of a whole share', () => {
    expect(chosen(1, 1)).toEqual(keys);
  });

  it('takes about the share, the same keys for the same seed, others for another', () => {
    const first = chosen(1, 0.1);
    // Five standard deviations of a binomial count.
    expect(Math.abs(first.length - 2_000)).toBeLessThan(5 * Math.sqrt(20_000 * 0.1 * 0.9));
    expect(chosen(1, 0.1)).toEqual(first);
    expect(chosen(2, 0.1)).not.toEqual(first);
  });

  it('keeps the keys of a share when the share grows', () => {
    const grown = new Set(chosen(7, 0.3));
    expect(chosen(7, 0.1).every((key) => grown.has(key))).toBe(true);
  });
});
