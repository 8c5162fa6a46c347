import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { faultRounds } from '@haat/data-access/testing';
import { driveHostile, hostileKinds, hostileRequest } from '@haat/platform/testing';
import { post, startScratchGateway, type ScratchGateway } from './testing/scratch.gateway.ts';
import { signed } from './testing/token.issuer.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const MEGABYTE = 2 ** 20;
/** Room for what is kept of requests for the next time, which is bounded. */
const MAY_GROW = 32 * MEGABYTE;

describe('hostile requests', () => {
  let gateway: ScratchGateway;
  beforeAll(async () => {
    gateway = await startScratchGateway({ SUBGRAPH_TIMEOUT_MS: '1000', RATE_LIMIT_PER_MINUTE: '100000' });
  });
  afterAll(() => gateway.stop());

  it('are the same for the same seed, and others for another', () => {
    const digest = (body: Buffer | null) => body && createHash('sha256').update(body).digest('hex');
    const of = (seed: number) =>
      Array.from({ length: 200 }, (_, k) => hostileRequest(seed, k)).map((one) => ({ ...one, body: digest(one.body) }));
    expect(of(1)).toEqual(of(1));
    expect(of(2)).not.toEqual(of(1));
    expect(new Set(of(1).map(({ kind }) => kind))).toEqual(new Set(hostileKinds));
  });

  const { rounds, seed, timeoutMs, report } = faultRounds({ short: 800, long: 100_000, secondsEach: 0.1, seed: 2 });
  it(
    'get typed errors or valid answers, whatever they are, and leave no memory behind',
    async () => {
      const heap = () => {
        collectGarbage();
        return process.memoryUsage().heapUsed;
      };
      const token = `Bearer ${await signed({ exp: Math.floor(Date.now() / 1_000) + 3_600 })}`;
      const authorization = (number: number) => (number % 10 === 0 ? null : token);
      await driveHostile(gateway.url, { count: 200, seed: seed + 1, authorization });
      const before = heap();
      const { codes, violations } = await driveHostile(gateway.url, { count: rounds, seed, authorization });
      const grown = heap() - before;
      const answered = [...codes.values()].reduce((sum, times) => sum + times, 0);
      report('hostile-bodies', {
        happened: `${hostileKinds.length} kinds of requests; the heap after them is ${(grown / MEGABYTE).toFixed(1)} MiB larger than before`,
        lost: rounds - answered - violations.length,
        failed: violations.length + (grown < MAY_GROW ? 0 : 1),
        codes: [...codes.keys()].filter((code) => code !== 'ok').sort(),
      });
      expect(violations).toEqual([]);
      expect(answered).toBe(rounds);
      for (const code of [
        'ok',
        'UNAUTHENTICATED',
        'BAD_REQUEST',
        'REQUEST_TOO_LARGE',
        'QUERY_TOO_LONG',
        'TOO_MANY_TOKENS',
        'QUERY_TOO_DEEP',
        'VARIABLES_TOO_DEEP',
        'TOO_MANY_ALIASES',
        'QUERY_TOO_COSTLY',
        'BATCH_TOO_LARGE',
        'GRAPHQL_PARSE_FAILED',
        'GRAPHQL_VALIDATION_FAILED',
      ])
        expect([code, codes.get(code) ?? 0]).not.toEqual([code, 0]);
      expect(grown).toBeLessThan(MAY_GROW);
      expect((await post(gateway.url, { query: '{ models { title } }' })).body.errors).toBeUndefined();
    },
    timeoutMs,
  );
});
