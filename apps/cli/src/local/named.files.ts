import { createReadStream, existsSync } from 'node:fs';
import { open, readFile, rm, writeFile } from 'node:fs/promises';

import { cliError } from '../cli.errors.ts';

/** The bytes of a file that the command line names. @throws FILE_UNUSABLE */
export async function readNamed(what: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw unusable(what, file, 'read', cause);
  }
}

/** The same, a piece at a time. @throws FILE_UNUSABLE */
export async function* piecesOf(what: string, file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file);
  } catch (cause) {
    throw unusable(what, file, 'read', cause);
  }
}

/** @throws FILE_UNUSABLE */
export async function writeNamed(what: string, file: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(file, content);
  } catch (cause) {
    throw unusable(what, file, 'written', cause);
  }
}

/** Refuses a file that cannot be written before there is anything to write, and leaves it as it is. @throws FILE_UNUSABLE */
export async function requireWritable(what: string, file: string): Promise<void> {
  const before = existsSync(file);
  try {
    await (await open(file, 'a')).close();
    if (!before) await rm(file);
  } catch (cause) {
    throw unusable(what, file, 'written', cause);
  }
}

function unusable(what: string, file: string, deed: 'read' | 'written', cause: unknown): Error {
  return cliError(
    'FILE_UNUSABLE',
    `The ${what} ${file} cannot be ${deed}: ${(cause as Error).message}`,
    { file },
    cause,
  );
}
