import { setTimeout as pause } from 'node:timers/promises';

import { hotSwaps } from './hot.swaps.ts';

/** A server of one version, whose asking takes a while; `lag` turns of a request after which it still answers as before. */
function server({ stale = false, failing = false } = {}) {
  let [serving, before, asked] = ['a', 'a', 0];
  return {
    promote: async (digest: string) => {
      [before, serving] = [serving, digest];
      await pause(1);
    },
    ask: async () => {
      asked += 1;
      const digest = stale && asked % 10 === 0 ? before : serving;
      await pause(1);
      if (failing && asked === 50) throw new Error('no');
      return digest;
    },
  };
}

const swaps = { swaps: 12, seed: 7, callers: 3, digests: ['a', 'b', 'c'] };

describe('hotSwaps', () => {
  it('finds nothing wrong with a server that swaps at once', async () => {
    expect(await hotSwaps({ ...swaps, ...server() })).toMatchObject({ swaps: 12, failed: 0, notLive: 0 });
  });

  it('counts answers of a version that was gone, and requests that failed', async () => {
    expect((await hotSwaps({ ...swaps, ...server({ stale: true }) })).notLive).toBeGreaterThan(0);
    expect((await hotSwaps({ ...swaps, ...server({ failing: true }) })).failed).toBe(1);
  });

  it('swaps in the same order for the same seed', async () => {
    const order = async (seed: number) => {
      const promoted: string[] = [];
      const { promote, ask } = server();
      await hotSwaps({ ...swaps, seed, ask, promote: (digest) => (promoted.push(digest), promote(digest)) });
      return promoted;
    };
    expect(await order(7)).toEqual(await order(7));
    expect(await order(8)).not.toEqual(await order(7));
  });
});
