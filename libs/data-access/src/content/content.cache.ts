import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { dataAccessError } from '../data-access.errors.ts';
import { contentKey, digestOfFile } from './content.store.ts';

/** A file that was asked for within this time may be in use: it stays, also beyond the bound. */
const IN_USE_MS = 10 * 60_000;

/** Writes a body to the file that is being made, and answers the digest of what it wrote. May be called again. */
export type Fill = (body: Readable) => Promise<string>;

export interface ContentCache {
  /** The local copy of what has this digest, checked; made by `fetch` where there is none or a damaged one. */
  path(digest: string, fetch: (fill: Fill) => Promise<void>): Promise<string>;
}

/**
 * Local copies by digest in a folder that several processes may share, together at most `bound` bytes: those asked for longest
 * ago go first. @throws CONTENT_STORE_UNUSABLE when the folder cannot be written.
 */
export function contentCache(folder: string, bound: number): ContentCache {
  async function make(file: string, fetch: (fill: Fill) => Promise<void>): Promise<void> {
    const unfinished = `${file}.${randomBytes(6).toString('hex')}`;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await fetch(async (body) => {
        const hash = createHash('sha256');
        const hashing = async function* (chunks: AsyncIterable<Buffer>) {
          for await (const chunk of chunks) {
            hash.update(chunk);
            yield chunk;
          }
        };
        await pipeline(body, hashing, createWriteStream(unfinished, { mode: 0o600 })).catch((cause: unknown) => {
          throw (cause as NodeJS.ErrnoException).syscall === 'write' ? unwritable(cause) : cause;
        });
        return hash.digest('hex');
      });
      await rename(unfinished, file);
    } catch (cause) {
      await rm(unfinished, { force: true }).catch(() => undefined);
      throw ['mkdir', 'open', 'rename'].includes(String((cause as NodeJS.ErrnoException).syscall))
        ? unwritable(cause)
        : cause;
    }
  }

  async function evict(): Promise<void> {
    const files = await Promise.all(
      (await readdir(folder)).map(async (name) => {
        const { size = 0, mtimeMs = 0 } = (await stat(join(folder, name)).catch(() => null)) ?? {};
        return { name, size, mtimeMs };
      }),
    );
    let bytes = files.reduce((sum, { size }) => sum + size, 0);
    for (const { name, size, mtimeMs } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (bytes <= bound || mtimeMs > Date.now() - IN_USE_MS) return;
      await rm(join(folder, name), { force: true });
      bytes -= size;
    }
  }

  const unwritable = (cause: unknown) => {
    const { code = 'error' } = cause as NodeJS.ErrnoException;
    return dataAccessError(
      'CONTENT_STORE_UNUSABLE',
      `The folder of local copies cannot be written (${code}). ${code === 'ENOSPC' ? 'Make room on its disk' : 'Check its permissions'}, or name another one (cache= in ARTIFACTS_URL).`,
      {},
      cause,
    );
  };

  return {
    async path(digest, fetch) {
      contentKey(digest);
      const file = join(folder, digest);
      const found = await digestOfFile(file).catch(() => null);
      if (found?.digest !== digest) {
        await make(file, fetch);
        await evict();
      }
      const now = new Date();
      await utimes(file, now, now).catch(() => undefined);
      return file;
    },
  };
}
