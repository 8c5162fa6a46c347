import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { dataAccessError } from '../data-access.errors.ts';

export interface StoredContent {
  /** SHA-256 of the bytes, in hex. */
  readonly digest: string;
  /** Number of bytes. */
  readonly bytes: number;
}

/** What a listing tells of one file without reading it. */
export interface ListedContent extends StoredContent {
  /** When the store took it in. */
  readonly storedAt: Date;
}

/**
 * Files by the digest of their bytes: artifacts and data snapshots. What is stored never changes. A store of another kind
 * keeps to these six calls; it need not lock: whoever removes sees to it that nobody stores or needs the same (`ContentGarbage`).
 */
export interface ContentStore {
  put(bytes: Uint8Array): Promise<StoredContent>;
  /** Stores a copy of a file. @throws FILE_MISSING */
  putFile(file: string): Promise<StoredContent>;
  /** The bytes, checked against their digest. @throws CONTENT_MISSING, CONTENT_DAMAGED */
  get(digest: string): Promise<Uint8Array>;
  /** A file with the bytes, checked against their digest; not to be written. @throws CONTENT_MISSING, CONTENT_DAMAGED */
  path(digest: string): Promise<string>;
  /** Everything that is stored whole, in any order; what comes or goes meanwhile may be missing. @throws CONTENT_STORE_UNUSABLE */
  list(): AsyncIterable<ListedContent>;
  /** Forgets the bytes; a digest that the store does not hold is no error. @throws CONTENT_STORE_UNUSABLE */
  remove(digest: string): Promise<void>;
}

/** The store, with `before` called with the digest of whatever comes in, before it does. */
export function announcing(store: ContentStore, before: (digest: string) => Promise<void>): ContentStore {
  return {
    ...store,
    async put(bytes) {
      await before(createHash('sha256').update(bytes).digest('hex'));
      return store.put(bytes);
    },
    async putFile(file) {
      await before((await digestOfFile(file)).digest);
      return store.putFile(file);
    },
  };
}

/** A store in a directory, which is made where it is missing: `<first two hex digits>/<digest>`. */
export function directoryStore(root: string): ContentStore {
  const fileOf = (digest: string) => join(root, contentKey(digest));
  return {
    async put(bytes) {
      const digest = createHash('sha256').update(bytes).digest('hex');
      await keep(fileOf(digest), bytes.length, (handle) => handle.writeFile(bytes));
      return { digest, bytes: bytes.length };
    },
    async putFile(file) {
      const { digest, bytes } = await digestOfFile(file);
      await keep(fileOf(digest), bytes, (handle) =>
        pipeline(createReadStream(file), createWriteStream('', { fd: handle.fd, autoClose: false })),
      );
      return { digest, bytes };
    },
    async get(digest) {
      const bytes = await readFile(fileOf(digest)).catch((cause) => missing(digest, cause));
      verify(digest, createHash('sha256').update(bytes).digest('hex'));
      return bytes;
    },
    async path(digest) {
      const file = fileOf(digest);
      const found = await digestOfFile(file).catch((cause) => missing(digest, cause));
      verify(digest, found.digest);
      return file;
    },
    list: () => listed(root),
    async remove(digest) {
      const file = fileOf(digest);
      await rm(file, { force: true }).catch((cause: Error) => {
        throw dataAccessError('CONTENT_STORE_UNUSABLE', `${file} cannot be removed: ${cause.message}`, { file }, cause);
      });
    },
  };
}

async function* listed(root: string): AsyncGenerator<ListedContent> {
  for (const folder of (await namesIn(root)).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
    for (const digest of (await namesIn(join(root, folder))).filter((name) => /^[0-9a-f]{64}$/.test(name))) {
      const found = await stat(join(root, folder, digest)).catch(() => null);
      if (found !== null) yield { digest, bytes: found.size, storedAt: found.mtime };
    }
  }
}

/** Names in a folder; none where there is no such folder. @throws CONTENT_STORE_UNUSABLE */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw dataAccessError('CONTENT_STORE_UNUSABLE', `${folder} cannot be listed: ${message}`, { folder }, cause);
  }
}

/** Where a store keeps the bytes of a digest: `<first two hex digits>/<digest>`. @throws CONTENT_MISSING for no digest at all. */
export function contentKey(digest: string): string {
  if (/^[0-9a-f]{64}$/.test(digest)) return `${digest.slice(0, 2)}/${digest}`;
  throw dataAccessError(
    'CONTENT_MISSING',
    `"${digest}" is not the SHA-256 of anything: expected 64 hexadecimal digits`,
    { digest },
  );
}

/** SHA-256 and size of a file. @throws FILE_MISSING */
export async function digestOfFile(file: string): Promise<StoredContent> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  } catch (cause) {
    throw dataAccessError('FILE_MISSING', `${file} cannot be read: ${(cause as Error).message}`, { file }, cause);
  }
  return { digest: hash.digest('hex'), bytes };
}

/** Writes beside the target, forces to disk and renames: a reader sees the whole file or none, also after a crash. */
async function keep(
  file: string,
  bytes: number,
  write: (handle: Awaited<ReturnType<typeof open>>) => Promise<void>,
): Promise<void> {
  const there = await stat(file).catch(() => null);
  if (there?.size === bytes) return;
  const folder = join(file, '..');
  const unfinished = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(folder, { recursive: true });
    const handle = await open(unfinished, 'wx', 0o644);
    try {
      await write(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
    const entry = await open(folder);
    await entry.sync().finally(() => entry.close());
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    const { code, message } = cause as NodeJS.ErrnoException;
    const advice = code === 'ENOSPC' ? 'Make room on its disk' : 'Check that the folder can be written';
    throw dataAccessError(
      'CONTENT_STORE_UNUSABLE',
      `${file} cannot be written: ${message}. ${advice}, or name another store (ARTIFACTS_URL).`,
      { file },
      cause,
    );
  }
}

/** Names the digest alone: clients read it, to whom it is no matter where the store is. */
export const missingContent = (digest: string, cause: unknown) =>
  dataAccessError('CONTENT_MISSING', `The content store holds nothing under ${digest}`, { digest }, cause);

function missing(digest: string, cause: unknown): never {
  throw missingContent(digest, cause);
}

/** As `missingContent`. */
export const damagedContent = (digest: string, found: string) =>
  dataAccessError(
    'CONTENT_DAMAGED',
    `What the content store holds under ${digest} is damaged: its SHA-256 is ${found}`,
    { digest, found },
  );

function verify(digest: string, found: string): void {
  if (found !== digest) throw damagedContent(digest, found);
}
