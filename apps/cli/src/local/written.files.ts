import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';

import { tableFormats, type TableFormat } from '@haat/data-access';

import { cliError } from '../cli.errors.ts';

/** A folder of files that a command is about to write, each table in one format. */
export interface WrittenFolder {
  readonly folder: string;
  readonly format: TableFormat;
  /** The files that such a folder consists of in a format. */
  readonly files: (folder: string, format: TableFormat) => readonly string[];
  /** Files besides these that the command writes. */
  readonly besides?: readonly string[];
  /** Files that the command reads. */
  readonly inputs?: readonly string[];
  /** Files that are there already may be written over. */
  readonly force: boolean;
}

/** Files that a message names before it counts the others. */
const NAMED = 3;

/**
 * Refuses to write over a file that is read, and, unless forced, over any that is there. A table that is there in another
 * format stands in the way of every reader of the folder: it is refused also when forced, for nothing is removed.
 * @throws OUTPUT_IS_INPUT, FILE_EXISTS
 */
export function requireRoom({ folder, format, files, besides = [], inputs = [], force }: WrittenFolder): void {
  const written = [...files(folder, format), ...besides];
  for (const file of written) requireOther(file, inputs);
  const inOtherFormats = tableFormats
    .flatMap((other) => files(folder, other))
    .filter((file) => !written.includes(file) && existsSync(file));
  if (inOtherFormats.length > 0) {
    throw taken(
      inOtherFormats,
      `A table may be in ${folder} in one format alone: move them away, or name another folder`,
    );
  }
  const there = written.filter((file) => existsSync(file));
  if (there.length > 0 && !force) throw taken(there, 'Name another folder, or write over them with --force');
}

/** Whether a path leads into a folder, links followed; what is not there yet is where its folder is. */
export function isWithin(folder: string, file: string): boolean {
  const [first] = relative(placeOf(folder), placeOf(file)).split(sep);
  return first !== '..';
}

function requireOther(file: string, inputs: readonly string[]): void {
  const input = inputs.find((each) => isSame(each, file));
  if (input === undefined) return;
  throw cliError('OUTPUT_IS_INPUT', `${input} is read, and would be written over as ${file}: name another place`, {
    file,
  });
}

function isSame(one: string, other: string): boolean {
  if (!existsSync(one) || !existsSync(other)) return placeOf(one) === placeOf(other);
  const [a, b] = [statSync(one, { bigint: true }), statSync(other, { bigint: true })];
  return a.dev === b.dev && a.ino === b.ino;
}

function placeOf(path: string): string {
  const full = resolve(path);
  if (existsSync(full)) return realpathSync(full);
  const folder = dirname(full);
  return folder === full ? full : resolve(placeOf(folder), relative(folder, full));
}

function taken(files: readonly string[], advice: string): Error {
  const more = files.length - NAMED;
  const named = files.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return cliError('FILE_EXISTS', `Already there: ${named}. ${advice}`, { files });
}
