import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Copies a folder's files while others may write and remove them: one that goes meanwhile is left out. `wanted` is asked with
 * the path from the folder, parts joined by `/`; folders are made as they are needed, and empty ones that are wanted too.
 */
export async function copyFolder(
  from: string,
  to: string,
  wanted: (path: string) => boolean,
  below = '',
): Promise<void> {
  await mkdir(join(to, below), { recursive: true, mode: 0o700 });
  for (const entry of await readdir(join(from, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (!wanted(path)) continue;
    if (entry.isDirectory()) await copyFolder(from, to, wanted, path);
    else if (entry.isFile()) await copyFile(join(from, path), join(to, path)).catch(unlessGone);
  }
}

function unlessGone(cause: NodeJS.ErrnoException): void {
  if (cause.code !== 'ENOENT') throw cause;
}
