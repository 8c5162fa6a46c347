import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';

import { contentCache } from './content.cache.ts';
import { contentKey, damagedContent, digestOfFile, missingContent, type ContentStore } from './content.store.ts';
import type { S3Address } from './s3.address.ts';
import { s3Failure, statusOf } from './s3.failure.ts';

/** Attempts of each request, and of each whole read whose bytes do not come or are not those asked for. */
const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 100;
const CONNECT_WITHIN_MS = 3_000;

/**
 * A store in a bucket: `<prefix><first two hex digits>/<digest>`. An object is written only where none is (or one of another
 * size: a damaged one), and the store checks what it receives against the digest. What is read is checked here.
 */
export function s3Store(address: S3Address): ContentStore {
  const { bucket, prefix, endpoint, region, forcePathStyle, timeoutMs } = address;
  const client = new S3Client({
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    forcePathStyle,
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_WITHIN_MS, socketTimeout: timeoutMs },
    // Our digest is checked at both ends; a second checksum only stops stores that do not know it.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const objectOf = (digest: string) => ({ Bucket: bucket, Key: `${prefix}${contentKey(digest)}` });

  async function sizeOf(digest: string): Promise<number | null> {
    try {
      return (await client.send(new HeadObjectCommand(objectOf(digest)))).ContentLength ?? null;
    } catch (thrown) {
      if (statusOf(thrown) === 404) return null;
      throw s3Failure(bucket, thrown);
    }
  }

  async function keep(digest: string, bytes: number, body: () => Uint8Array | Readable): Promise<void> {
    const there = await sizeOf(digest);
    if (there === bytes) return;
    const put = new PutObjectCommand({
      ...objectOf(digest),
      ...(there === null && { IfNoneMatch: '*' }),
      ContentLength: bytes,
      ContentType: 'application/octet-stream',
      ChecksumSHA256: Buffer.from(digest, 'hex').toString('base64'),
      Body: body(),
    });
    // The signature holds the digest of the body, which for a stream only we know.
    put.middlewareStack.add(
      (next) => (call) => {
        (call.request as { headers: Record<string, string> }).headers['x-amz-content-sha256'] = digest;
        return next(call);
      },
      { step: 'build', name: 'bodyDigest' },
    );
    await client.send(put);
  }

  /** Writes, again where a stream broke; somebody else's object of the same name has the same bytes. */
  async function write(digest: string, bytes: number, body: () => Uint8Array | Readable): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await keep(digest, bytes, body);
      } catch (thrown) {
        if (statusOf(thrown) === 412) return;
        const failure = s3Failure(bucket, thrown);
        if (attempt === ATTEMPTS || failure.blame !== 'retry') throw failure;
        await sleep(FIRST_PAUSE_MS * 2 ** attempt);
      }
    }
  }

  /** Hands the object's bytes to `use`, which answers what they made and their digest; reads again where that is another one. */
  async function read<T>(digest: string, use: (body: Readable) => Promise<{ found: string; value: T }>): Promise<T> {
    const request = objectOf(digest);
    for (let attempt = 1; ; attempt++) {
      let failure;
      try {
        const { Body } = await client.send(new GetObjectCommand(request));
        const { found, value } = await use(Body as Readable);
        if (found === digest) return value;
        failure = damagedContent(digest, found);
      } catch (thrown) {
        failure = statusOf(thrown) === 404 ? missingContent(digest, thrown) : s3Failure(bucket, thrown);
        if (failure.blame !== 'retry') throw failure;
      }
      if (attempt === ATTEMPTS) throw failure;
      await sleep(FIRST_PAUSE_MS * 2 ** attempt);
    }
  }

  const cache = contentCache(address.cache, address.cacheBytes);
  return {
    async put(bytes) {
      const digest = createHash('sha256').update(bytes).digest('hex');
      await write(digest, bytes.length, () => bytes);
      return { digest, bytes: bytes.length };
    },
    async putFile(file) {
      const { digest, bytes } = await digestOfFile(file);
      await write(digest, bytes, () => createReadStream(file, { highWaterMark: 1 << 20 }));
      return { digest, bytes };
    },
    get: (digest) =>
      read(digest, async (body) => {
        const chunks: Buffer[] = [];
        const hash = createHash('sha256');
        for await (const chunk of body as AsyncIterable<Buffer>) {
          hash.update(chunk);
          chunks.push(chunk);
        }
        return { found: hash.digest('hex'), value: Buffer.concat(chunks) };
      }),
    path: (digest) =>
      cache.path(digest, (fill) => read(digest, async (body) => ({ found: await fill(body), value: undefined }))),
    async *list() {
      try {
        for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
          for (const { Key = '', Size: bytes = 0, LastModified: storedAt = new Date(0) } of Contents) {
            const digest = Key.slice(prefix.length + 3);
            if (/^[0-9a-f]{64}$/.test(digest) && Key === objectOf(digest).Key) yield { digest, bytes, storedAt };
          }
        }
      } catch (thrown) {
        throw s3Failure(bucket, thrown);
      }
    },
    async remove(digest) {
      const request = new DeleteObjectCommand(objectOf(digest));
      await client.send(request).catch((thrown: unknown) => {
        throw s3Failure(bucket, thrown);
      });
    },
  };
}
