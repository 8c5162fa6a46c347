import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { contentLaws } from '../testing/content.laws.ts';
import { announcing } from './content.store.ts';
import { s3Address } from './s3.address.ts';
import { contentStore } from './store.address.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'haat-content-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = new TextEncoder().encode('नमस्ते');
const digest = createHash('sha256').update(bytes).digest('hex');

describe('a store in a directory', () => {
  const laws = contentLaws(() => ({
    open: () => contentStore(folder),
    fileOf: (name) => join(folder, name.slice(0, 2), name),
  }));
  it.each(laws.map((law) => [law.name, law] as const))('%s', (_, law) => law.check());

  it('is made where it is missing, by its path or its file: URL, and holds nothing but what was put', async () => {
    const store = contentStore(pathToFileURL(join(folder, 'made')).href);
    await Promise.all(Array.from({ length: 5 }, () => store.put(bytes)));
    expect(readdirSync(join(folder, 'made', digest.slice(0, 2)))).toEqual([digest]);
    expect(Buffer.from(await contentStore(join(folder, 'made')).get(digest))).toEqual(Buffer.from(bytes));
  });

  it('says of whatever comes in what it is, before it does', async () => {
    const said: string[] = [];
    const store = announcing(contentStore(folder), async (coming) => {
      await expect(contentStore(folder).get(coming)).rejects.toMatchObject({
        code: 'CONTENT_MISSING',
        message: expect.not.stringContaining(folder),
      });
      said.push(coming);
    });
    await store.put(bytes);
    writeFileSync(join(folder, 'b'), 'b');
    const { digest: second } = await store.putFile(join(folder, 'b'));
    expect(said).toEqual([digest, second]);
  });

  it('lists nothing that is not whole', async () => {
    const store = contentStore(folder);
    await store.put(bytes);
    writeFileSync(join(folder, digest.slice(0, 2), `${digest}.0123456789ab`), 'unfinished');
    expect((await Array.fromAsync(store.list())).map((one) => one.digest)).toEqual([digest]);
  });

  it('says what it cannot be', async () => {
    expect(() => contentStore('ftp://host/x')).toThrow(expect.objectContaining({ code: 'CONTENT_STORE_UNUSABLE' }));
    writeFileSync(join(folder, 'file'), '');
    await expect(contentStore(join(folder, 'file')).put(bytes)).rejects.toMatchObject({
      code: 'CONTENT_STORE_UNUSABLE',
    });
  });
});

describe('s3Address', () => {
  it('reads bucket, prefix and parameters, and keeps the rest as Amazon has it', () => {
    const text =
      's3://models/haat/prod/?endpoint=http%3A%2F%2Fstore%3A9000&region=ap-south-1&forcePathStyle=true&cache=/data/copies&cacheMiB=1';
    expect(s3Address(text)).toEqual({
      bucket: 'models',
      prefix: 'haat/prod/',
      endpoint: 'http://store:9000',
      region: 'ap-south-1',
      forcePathStyle: true,
      cache: '/data/copies',
      cacheBytes: 1_048_576,
      timeoutMs: 15_000,
    });
    expect(s3Address('s3://models')).toMatchObject({ bucket: 'models', prefix: '', forcePathStyle: false });
  });

  it.each([
    ['s3://', /expected s3:\/\/bucket/],
    ['s3://key:secret@bucket', /without credentials/],
    ['s3://bucket?endpoint=store:9000', /parameter endpoint/],
    ['s3://bucket?cacheMiB=much', /parameter cacheMiB: expected a whole number/],
    ['s3://bucket?secret=x', /secret/],
  ])('refuses %s without repeating a value', (text, message) => {
    expect(() => s3Address(text)).toThrow(
      expect.objectContaining({ code: 'CONTENT_STORE_UNUSABLE', message: expect.stringMatching(message) }),
    );
    expect(() => s3Address(text)).not.toThrow(/key:secret|store:9000|=x|much"/);
  });
});
