import { evaluateDamage, ordinalityViolations, packageMeans, splitByProduct } from './damage.evaluation.ts';
import { shipmentCounts, smallHistory } from './fixtures/random.products.ts';

const data = smallHistory(400, 5);
const { heldOut, training, digest } = splitByProduct(data);
const means = packageMeans(training);
const byMeans = Float64Array.from({ length: heldOut.facts.rows * 4 }, (_, at) => means[at % 4]!);

describe('evaluateDamage', () => {
  it('gains nothing over the package means where they are all it is given', () => {
    const { metrics, losses, heldOut: held } = evaluateDamage(byMeans, heldOut, means, digest);
    expect(metrics['logLossGain']).toBe(0);
    expect(held).toEqual({ digest, rows: heldOut.counts.rows, groups: heldOut.facts.rows });
    expect(losses[0]!.weight.reduce((a, b) => a + b, 0)).toBe(heldOut.counts.shipments.reduce((a, b) => a + b, 0));
  });

  it('prefers the rates that happened to any shift of them', () => {
    const packages = 4;
    const own = Float64Array.from(byMeans);
    heldOut.counts.product.forEach((product, r) => {
      const rate = heldOut.counts.damages[r]! / heldOut.counts.shipments[r]!;
      own[product * packages + heldOut.counts.package[r]!] = Math.min(0.999, Math.max(0.001, rate));
    });
    const best = evaluateDamage(own, heldOut, means, digest).metrics;
    const shifted = evaluateDamage(
      own.map((p) => Math.min(0.999, p * 1.3)),
      heldOut,
      means,
      digest,
    ).metrics;
    expect(best['logLoss']).toBeLessThan(shifted['logLoss']!);
    expect(best['auc']).toBeGreaterThan(evaluateDamage(byMeans, heldOut, means, digest).metrics['auc']!);
    expect(shifted['calibrationRatio']! / best['calibrationRatio']!).toBeCloseTo(1.3, 1);
  });

  it.each([
    ['no product', []],
    ['no damage', [[0, 0, 50, 0]]],
    ['nothing but damages', [[0, 0, 50, 50]]],
  ] as const)('refuses to judge by %s', (_, rows) => {
    const little = { ...heldOut, counts: shipmentCounts(rows) };
    expect(() => evaluateDamage(byMeans, little, means, digest)).toThrow(
      expect.objectContaining({ code: 'TOO_LITTLE_HISTORY' }),
    );
  });
});

describe('splitByProduct', () => {
  it('names the held-out part by what is in it', () => {
    expect(splitByProduct(smallHistory(400, 5)).digest).toBe(digest);
    expect(splitByProduct(smallHistory(400, 6)).digest).not.toBe(digest);
  });
});

describe('ordinalityViolations', () => {
  it('is the share of neighbours that rise, be it by the last bit', () => {
    expect(ordinalityViolations([0.3, 0.2, 0.2, 0.1], 4)).toBe(0);
    expect(ordinalityViolations([0.3, 0.2, 0.2 + 2 ** -55, 0.1], 4)).toBe(1 / 3);
    expect(ordinalityViolations([0.1, 0.2, 0.3, 0.2], 2)).toBe(0.5);
  });
});
