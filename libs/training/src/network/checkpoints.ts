import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Where a fit keeps the one checkpoint that it goes on from. */
export interface Checkpoints {
  /** The bytes that were saved last; null where there are none. */
  load(): Promise<Uint8Array | null>;
  /** Takes the place of what was saved before. When it resolves the bytes are safe; until then those before are. */
  save(bytes: Uint8Array): Promise<void>;
}

/** In one file, which is whole at any moment: what is saved is forced to disk beside it and renamed. */
export function fileCheckpoints(file: string): Checkpoints {
  return {
    load: () =>
      readFile(file).catch((failure: NodeJS.ErrnoException) => {
        if (failure.code === 'ENOENT') return null;
        throw failure;
      }),
    save: (bytes) => writeWhole(file, bytes),
  };
}

/** Writes a file that a reader sees whole or not at all, also after a crash. */
export async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${file}.unfinished`;
  try {
    const handle = await open(unfinished, 'w', 0o600);
    await handle
      .writeFile(bytes)
      .then(() => handle.sync())
      .finally(() => handle.close());
    await rename(unfinished, file);
    const folder = await open(dirname(file));
    await folder.sync().finally(() => folder.close());
  } catch (failure) {
    await rm(unfinished, { force: true });
    throw failure;
  }
}
