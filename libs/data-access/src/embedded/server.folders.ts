import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { dataAccessError } from '../data-access.errors.ts';
import { binariesIn, type PostgresBinaries } from './postgres.binaries.ts';
import { userCanEnter, userCanRun, type ServerUser } from './server.user.ts';

/** Folders below which root may keep what another user has to reach. */
const OPEN_FOLDERS = ['/var/lib', '/var/tmp'];

/** Written into the wanted data directory when the data are elsewhere. */
const NOTE = 'MOVED-TO';

/**
 * The folder that holds the data of `directory`: itself, or, where the server's user may not enter it, one that it may
 * (which is said to `log`, and noted in `directory`). The folder exists afterwards and belongs to that user.
 * @throws POSTGRES_FOLDER_CLOSED when no folder works.
 */
export function dataFolder(directory: string, user: ServerUser, log: (line: string) => void): string {
  const wanted = resolve(directory);
  mkdirSync(wanted, { recursive: true, mode: 0o700 });
  const moved = movedTo(wanted);
  if (moved === null) {
    if (user.uid === undefined) return wanted;
    if (userCanEnter(user, dirname(wanted))) return givenTo(user, wanted);
  }
  const elsewhere = moved ?? join(openFolder(wanted, user), nameFor(wanted));
  mkdirSync(elsewhere, { recursive: true, mode: 0o700 });
  writeFileSync(join(wanted, NOTE), `${elsewhere}\n`);
  log(`The user ${user.name} may not enter ${wanted}: the database's files are in ${elsewhere}`);
  return givenTo(user, elsewhere);
}

/** Removes the data of `directory`, wherever they are. The server must be stopped. */
export function removeData(directory: string): void {
  const wanted = resolve(directory);
  const moved = movedTo(wanted);
  if (moved !== null) rmSync(moved, { recursive: true, force: true });
  rmSync(wanted, { recursive: true, force: true });
}

/**
 * The programs, where the server's user can run them: as installed, or a copy in a folder that it may enter.
 * @throws POSTGRES_FOLDER_CLOSED
 */
export function runnableBinaries(
  installed: PostgresBinaries,
  user: ServerUser,
  log: (line: string) => void,
): PostgresBinaries {
  if (userCanRun(user, installed.postgres, ['--version'])) return installed;
  const root = join(openFolder(installed.root, user), `haat-postgres-programs-${digestOf(installed.root)}`);
  const copy = binariesIn(root);
  if (!existsSync(copy.postgres) || !userCanRun(user, copy.postgres, ['--version'])) {
    log(`The user ${user.name} may not run ${installed.postgres}: copying the server's programs to ${root}`);
    const unfinished = `${root}.${process.pid}`;
    cpSync(installed.root, unfinished, { recursive: true, verbatimSymlinks: true });
    rmSync(root, { recursive: true, force: true });
    renameSync(unfinished, root);
  }
  if (userCanRun(user, copy.postgres, ['--version'])) return copy;
  throw closed(installed.root, user);
}

/** Where the data of `directory` are now: itself, or the folder that a note in it names. */
export function placeOfData(directory: string): string {
  const wanted = resolve(directory);
  return movedTo(wanted) ?? wanted;
}

function movedTo(wanted: string): string | null {
  const note = join(wanted, NOTE);
  return existsSync(note) ? readFileSync(note, 'utf8').trim() : null;
}

function givenTo(user: ServerUser, folder: string): string {
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  return folder;
}

function openFolder(wanted: string, user: ServerUser): string {
  const open = OPEN_FOLDERS.find((folder) => userCanEnter(user, folder));
  if (open === undefined) throw closed(wanted, user);
  return open;
}

function closed(wanted: string, user: ServerUser) {
  return dataAccessError(
    'POSTGRES_FOLDER_CLOSED',
    `The database's user ${user.name} may not enter ${wanted}, nor ${OPEN_FOLDERS.join(' or ')}. Move the checkout out of that folder, name a state folder that all users may enter (HAAT_HOME), or run Haat as an ordinary user.`,
    { folder: wanted, user: user.name },
  );
}

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12);
const nameFor = (wanted: string) => `haat-postgres-${digestOf(wanted)}`;
