import { KeyIndex } from './key.index.ts';

describe('the key index', () => {
  it('agrees with a Map over many keys that resemble each other, through every growth', () => {
    const index = new KeyIndex();
    const map = new Map<string, number>();
    let different = 0;
    for (let line = 1; line <= 200_000; line += 1) {
      const n = (line * 7919) % 150_000;
      const parts = [`p${n}`, n % 2 === 0 ? 'bag' : 'box', `2026-01-${n % 28}`];
      const key = parts.join('\n');
      if (index.add(parts, line) !== (map.get(key) ?? 0)) different += 1;
      if (!map.has(key)) map.set(key, line);
    }
    expect([different, map.size]).toEqual([0, 150_000]);
  });

  it('keeps parts apart', () => {
    const index = new KeyIndex();
    expect(index.add(['ab', 'c'], 1)).toBe(0);
    expect(index.add(['a', 'bc'], 2)).toBe(0);
    expect(index.add(['abc', ''], 3)).toBe(0);
    expect(index.add(['ab', 'c'], 4)).toBe(1);
  });
});
