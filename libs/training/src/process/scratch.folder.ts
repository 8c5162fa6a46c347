import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Containers that share a folder for what passes count their processes each from one. */
const host = hostname().replaceAll(/\W|_/g, '');
const named = /^haat-[a-z]+-(\w+)-(\d+)-/;

/** A new folder for one step of this process, who removes it when the step is over. */
export function scratchFolder(kind: string, parent = tmpdir()): Promise<string> {
  return mkdtemp(join(parent, `haat-${kind}-${host}-${process.pid}-`));
}

/** Does work that needs a folder, and removes it, however that ends. */
export async function inScratchFolder<T>(kind: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await scratchFolder(kind);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Removes the scratch folders of processes of this host that are gone: one that was killed removed nothing. To be called before this process has
 * folders of its own, since one of the same number is another's too. What cannot be removed stays for the next.
 */
export async function removeAbandonedFolders(parent = tmpdir()): Promise<void> {
  for (const name of await readdir(parent)) {
    const [, where, number] = named.exec(name) ?? [];
    const pid = Number(number);
    if (where !== host || (pid !== process.pid && isAlive(pid))) continue;
    await rm(join(parent, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (failure) {
    return (failure as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
