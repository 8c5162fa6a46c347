import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { contentStore } from '@haat/data-access';
import { contentLaws } from '@haat/data-access/testing';
import { isDomainError } from '@haat/kit';

import {
  startFaultProxy,
  startScratchObjectStore,
  type FaultProxy,
  type ScratchObjectStore,
} from '../testing/index.ts';

let server: ScratchObjectStore;
let proxy: FaultProxy;
const before = { ...process.env };

beforeAll(async () => {
  server = await startScratchObjectStore();
  Object.assign(process.env, server.env);
  proxy = await startFaultProxy(server.port);
}, 900_000);
afterAll(async () => {
  await proxy?.stop();
  await server?.stop();
  process.env = before;
});
afterEach(() => proxy.set(null));

const throughProxy = (parameters: Record<string, string> = {}) =>
  contentStore(server.url({ timeoutMs: '500', ...parameters }, proxy.port));

describe('a store in a bucket', () => {
  const laws = contentLaws(() => ({
    open: () => contentStore(server.url()),
    fileOf: (digest) => join(server.objects, 'artifacts', digest.slice(0, 2), digest),
  }));
  it.each(laws.map((law) => [law.name, law] as const))('%s', (_, law) => law.check());

  it('answers the right bytes or a typed error, whatever happens to them on the way', async () => {
    const bytes = randomBytes(60_000);
    const { digest } = await contentStore(server.url()).put(bytes);
    const outcomes = new Set<string>();
    for (const phase of [1_000, 9_000, 17_000, 25_000, 33_000, 41_000, 49_000, 57_000]) {
      await proxy.set({ kind: 'flip', every: 60_000, phase });
      const outcome = await throughProxy()
        .get(digest)
        .then(
          (got) => (bytes.equals(got) ? 'right' : 'wrong'),
          (thrown: unknown) => (isDomainError(thrown) ? thrown.code : String(thrown)),
        );
      outcomes.add(outcome);
    }
    expect([...outcomes]).toEqual(['CONTENT_DAMAGED']);
    await proxy.set({ kind: 'truncate', after: 30_000 });
    await expect(throughProxy().get(digest)).rejects.toMatchObject({ code: 'CONTENT_STORE_UNREACHABLE' });
    await expect(throughProxy({ cache: `${server.objects}-none` }).path(digest)).rejects.toMatchObject({
      code: 'CONTENT_STORE_UNREACHABLE',
    });
    expect(readdirSync(`${server.objects}-none`)).toEqual([]);
    await proxy.set(null);
    expect(bytes.equals(await throughProxy().get(digest))).toBe(true);
  });

  it('gives a half-open connection up, says that nothing answers, and answers again when it does', async () => {
    const bytes = randomBytes(5_000);
    const store = throughProxy();
    const { digest } = await store.put(bytes);
    for (const kind of ['stall', 'refuse'] as const) {
      await proxy.set({ kind });
      for (const work of [store.get(digest), store.put(randomBytes(10))]) {
        const failure = await work.then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        expect(failure).toMatchObject({ code: 'CONTENT_STORE_UNREACHABLE', blame: 'retry' });
        expect(String((failure as Error).message)).not.toMatch(/127\.0\.0\.1|localhost|scratch|\d{4,5}/);
      }
      await proxy.set(null);
      expect(bytes.equals(await store.get(digest))).toBe(true);
    }
  });

  it('says that it is refused with other credentials, or in a bucket that is not there, and shows neither key nor host', async () => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'not the secret';
    const refused = contentStore(server.url());
    await expect(refused.put(randomBytes(9))).rejects.toMatchObject({
      code: 'CONTENT_STORE_REFUSED',
      message: expect.not.stringMatching(/scratch|not the secret|127\.0\.0\.1/),
    });
    process.env['AWS_SECRET_ACCESS_KEY'] = server.env.AWS_SECRET_ACCESS_KEY;
    await expect(
      contentStore(server.url().replace('s3://haat', 's3://other')).put(randomBytes(9)),
    ).rejects.toMatchObject({
      code: 'CONTENT_STORE_REFUSED',
    });
  });

  it('keeps local copies within their bound, but for those in use, and mends a damaged one', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'haat-copies-'));
    try {
      const store = contentStore(server.url({ cache, cacheMiB: '1' }));
      const digests: string[] = [];
      for (let i = 0; i < 4; i++) {
        const { digest } = await store.put(randomBytes(400_000));
        digests.push(digest);
        const file = await store.path(digest);
        const askedFor = new Date(Date.now() - (3 - i) * 3_600_000);
        utimesSync(file, askedFor, askedFor);
      }
      expect(readdirSync(cache).sort()).toEqual(digests.slice(2).sort());
      writeFileSync(join(cache, digests[3]!), 'other');
      const mended = await store.path(digests[3]!);
      expect(statSync(mended).size).toBe(400_000);
      expect(existsSync(await store.path(digests[0]!))).toBe(true);
      expect(
        createHash('sha256')
          .update(await store.get(digests[0]!))
          .digest('hex'),
      ).toBe(digests[0]);
    } finally {
      await rm(cache, { recursive: true, force: true });
    }
  });
});
