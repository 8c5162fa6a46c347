import { threefry, uniformOf, uniforms } from './threefry.ts';

function hex(...[key0, key1, counter0, counter1]: [number, number, number, number]): string[] {
  const words = new Uint32Array(2);
  threefry(words, key0, key1, counter0, counter1);
  return [...words].map((word) => word.toString(16).padStart(8, '0'));
}

describe('Threefry', () => {
  it('gives the known answers of its authors (Random123, kat_vectors)', () => {
    expect(hex(0, 0, 0, 0)).toEqual(['6b200159', '99ba4efe']);
    expect(hex(-1, -1, -1, -1)).toEqual(['1cb996fc', 'bb002be7']);
    expect(hex(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3)).toEqual(['c4923a9c', '483df7a0']);
  });

  it('gives numbers inside (0, 1), whatever the words', () => {
    expect(uniformOf(Int32Array.of(0, 0))).toBeGreaterThan(0);
    expect(uniformOf(Int32Array.of(-1, -1))).toBeLessThan(1);
    expect(uniformOf(Int32Array.of(-1, -1))).toBeGreaterThan(1 - 1e-15);
  });

  it('has the mean and variance of the uniform law, and no stream like another', () => {
    const [one, other] = [uniforms(7, 0), uniforms(7, 1)];
    const n = 20_000;
    let [mean, square, product] = [0, 0, 0];
    for (let k = 0; k < n; k++) {
      const [x, y] = [one() - 0.5, other() - 0.5];
      mean += x / n;
      square += (x * x) / n;
      product += (x * y) / n;
    }
    const sd = Math.sqrt(1 / 12 / n);
    expect(Math.abs(mean)).toBeLessThan(4 * sd);
    expect(Math.abs(square - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / n));
    expect(Math.abs(product)).toBeLessThan(4 * Math.sqrt(1 / 144 / n));
  });
});
