import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { announcing, contentStore } from './content.store.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'haat-content-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = new TextEncoder().encode('नमस्ते');
const digest = createHash('sha256').update(bytes).digest('hex');

describe('the content store', () => {
  it('keeps bytes and files under their SHA-256, once, in a directory or file: URL', async () => {
    const store = contentStore(pathToFileURL(join(folder, 'made')).href);
    expect(await store.put(bytes)).toEqual({ digest, bytes: bytes.length });
    writeFileSync(join(folder, 'a'), bytes);
    expect(await store.putFile(join(folder, 'a'))).toEqual({ digest, bytes: bytes.length });
    await Promise.all(Array.from({ length: 5 }, () => store.put(bytes)));
    expect(readdirSync(join(folder, 'made', digest.slice(0, 2)))).toEqual([digest]);
    const other = contentStore(join(folder, 'made'));
    expect(Buffer.from(await other.get(digest))).toEqual(Buffer.from(bytes));
    expect(await readFile(await other.path(digest))).toEqual(Buffer.from(bytes));
  });

  it('refuses bytes that are not what their name says, and mends them when they are put again', async () => {
    const store = contentStore(folder);
    await store.put(bytes);
    writeFileSync(join(folder, digest.slice(0, 2), digest), 'other');
    await expect(store.get(digest)).rejects.toMatchObject({ code: 'CONTENT_DAMAGED' });
    await expect(store.path(digest)).rejects.toMatchObject({ code: 'CONTENT_DAMAGED' });
    await store.put(bytes);
    expect(Buffer.from(await store.get(digest))).toEqual(Buffer.from(bytes));
  });

  it('lists what it holds whole, and forgets what it is told to, once or twice', async () => {
    const store = contentStore(join(folder, 'listed'));
    const all = async () => (await Array.fromAsync(store.list())).map(({ digest: name, bytes: size }) => [name, size]);
    expect(await all()).toEqual([]);
    const others = await Promise.all(['a', 'bc'].map((text) => store.put(new TextEncoder().encode(text))));
    await store.put(bytes);
    writeFileSync(join(folder, 'listed', digest.slice(0, 2), `${digest}.0123456789ab`), 'unfinished');
    expect((await all()).sort()).toEqual(
      [[digest, bytes.length], ...others.map((other) => [other.digest, other.bytes])].sort(),
    );
    await store.remove(digest);
    await store.remove(digest);
    await expect(store.get(digest)).rejects.toMatchObject({ code: 'CONTENT_MISSING' });
    expect((await all()).sort()).toEqual(others.map((other) => [other.digest, other.bytes]).sort());
  });

  it('says of whatever comes in what it is, before it does', async () => {
    const said: string[] = [];
    const store = announcing(contentStore(folder), async (coming) => {
      await expect(contentStore(folder).get(coming)).rejects.toMatchObject({ code: 'CONTENT_MISSING' });
      said.push(coming);
    });
    await store.put(bytes);
    writeFileSync(join(folder, 'b'), 'b');
    const { digest: second } = await store.putFile(join(folder, 'b'));
    expect(said).toEqual([digest, second]);
  });

  it('says what is missing, and what it cannot be', async () => {
    const store = contentStore(folder);
    await expect(store.get(digest)).rejects.toMatchObject({ code: 'CONTENT_MISSING' });
    await expect(store.get('../../etc/passwd')).rejects.toMatchObject({ code: 'CONTENT_MISSING' });
    await expect(store.putFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'FILE_MISSING' });
    expect(() => contentStore('ftp://host/x')).toThrow(expect.objectContaining({ code: 'CONTENT_STORE_UNUSABLE' }));
    writeFileSync(join(folder, 'file'), '');
    await expect(contentStore(join(folder, 'file')).put(bytes)).rejects.toMatchObject({
      code: 'CONTENT_STORE_UNUSABLE',
    });
  });
});
