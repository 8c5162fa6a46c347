import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isDomainError } from '@haat/kit';

import type { ContentStore } from '../content/content.store.ts';

/** A kind of store, with what it takes to put it through its laws. */
export interface StoreUnderTest {
  /** The store, opened anew: as another process would. */
  readonly open: () => ContentStore;
  /** The file that holds the bytes of a digest. */
  readonly fileOf: (digest: string) => string;
}

/** One thing that holds for every store: `check` throws where it does not. */
export interface StoreLaw {
  readonly name: string;
  readonly check: () => Promise<void>;
}

/** The contract of a content store. `subject` is asked when a law is checked. */
export function contentLaws(subject: () => StoreUnderTest): readonly StoreLaw[] {
  return [
    {
      name: 'keeps bytes under their SHA-256, for whoever opens it later',
      check: async () => {
        const { open } = subject();
        for (const bytes of [fresh(), new Uint8Array(0), randomBytes(3_000_000)]) {
          assert.deepEqual(await open().put(bytes), { digest: digestOf(bytes), bytes: bytes.length });
          assert.ok(Buffer.from(bytes).equals(await open().get(digestOf(bytes))));
          assert.ok(Buffer.from(bytes).equals(await readFile(await open().path(digestOf(bytes)))));
        }
      },
    },
    {
      name: 'keeps files as it keeps bytes',
      check: () =>
        withFile(randomBytes(2_500_001), async (file, bytes) => {
          const { open } = subject();
          const stored = { digest: digestOf(bytes), bytes: bytes.length };
          assert.deepEqual(await open().putFile(file), stored);
          assert.deepEqual(await open().put(bytes), stored);
          assert.ok(bytes.equals(await open().get(stored.digest)));
        }),
    },
    {
      name: 'takes the same bytes from many at once, and twice',
      check: async () => {
        const { open } = subject();
        const bytes = fresh();
        const stored = await Promise.all(Array.from({ length: 8 }, () => open().put(bytes)));
        assert.equal(new Set(stored.map(({ digest }) => digest)).size, 1);
        await open().put(bytes);
        assert.ok(Buffer.from(bytes).equals(await open().get(digestOf(bytes))));
      },
    },
    {
      name: 'refuses what is not what its name says, in every region, and says nothing is there where nothing is',
      check: async () => {
        const { open, fileOf } = subject();
        const bytes = randomBytes(4_096);
        const { digest } = await open().put(bytes);
        for (const region of [0, 1, 2, 3]) {
          const damaged = Buffer.from(bytes);
          damaged[region * 1_024 + 7] ^= 1;
          await writeFile(fileOf(digest), damaged);
          await refuses(open().get(digest), 'CONTENT_DAMAGED');
          await refuses(open().path(digest), 'CONTENT_DAMAGED');
        }
        await refuses(open().get(digestOf(fresh())), 'CONTENT_MISSING');
        await refuses(open().path(digestOf(fresh())), 'CONTENT_MISSING');
        await refuses(
          Promise.resolve().then(() => open().get('../../etc/passwd')),
          'CONTENT_MISSING',
        );
      },
    },
    {
      name: 'mends what has lost bytes when they are put again',
      check: async () => {
        const { open, fileOf } = subject();
        const bytes = fresh();
        const { digest } = await open().put(bytes);
        await writeFile(fileOf(digest), bytes.subarray(1));
        await refuses(open().get(digest), 'CONTENT_DAMAGED');
        await open().put(bytes);
        assert.ok(Buffer.from(bytes).equals(await open().get(digest)));
      },
    },
    {
      name: 'lists what it holds, and forgets what it is told to, once or twice',
      check: async () => {
        const { open } = subject();
        const kept = await open().put(fresh());
        const forgotten = await open().put(fresh());
        const sizes = async () => {
          const all = await Array.fromAsync(open().list());
          assert.ok(all.every(({ storedAt }) => storedAt.getTime() > 0));
          return new Map(all.map(({ digest, bytes }) => [digest, bytes]));
        };
        assert.equal((await sizes()).get(forgotten.digest), forgotten.bytes);
        await open().remove(forgotten.digest);
        await open().remove(forgotten.digest);
        await refuses(open().get(forgotten.digest), 'CONTENT_MISSING');
        const left = await sizes();
        assert.equal(left.get(kept.digest), kept.bytes);
        assert.ok(!left.has(forgotten.digest));
      },
    },
    {
      name: 'says of a file that is not there that it is not',
      check: () => refuses(subject().open().putFile('/nonexistent/haat'), 'FILE_MISSING'),
    },
  ];
}

/** Passes when `work` fails with this code, of which a client is told nothing but the digest. */
async function refuses(work: Promise<unknown>, code: string): Promise<void> {
  const failure: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(isDomainError(failure), `expected ${code}, got ${String(failure)}`);
  assert.equal(failure.code, code);
}

async function withFile(bytes: Buffer, work: (file: string, bytes: Buffer) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'haat-content-'));
  try {
    await writeFile(join(folder, 'file'), bytes);
    await work(join(folder, 'file'), bytes);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const fresh = (): Uint8Array => randomBytes(2_000);
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
