import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { placeData } from '@haat/data-access/embedded';

import { devStackError } from '../dev-stack.errors.ts';
import type { Home } from '../home.layout.ts';
import { verifyBackup, type BackupManifest } from './backup.manifest.ts';

/** While files are copied; removed by the next restore. */
const stagingOf = (home: Home) => join(home.root, 'restore.staging');
/** From the one rename on that decides: whatever happens then, the restore is finished and never taken back. */
const decidedOf = (home: Home) => join(home.root, 'restore.decided');

/** What an interrupted restore may have left. */
export const restoreLeftovers = (home: Home): readonly string[] => [stagingOf(home), decidedOf(home)];

/** What a restore replaces, as a whole. */
const replaced = (home: Home): readonly (readonly [name: string, path: string])[] => [
  ['temporal.db', home.temporalDb],
  ['artifacts', home.artifacts],
  ['secrets.json', home.secretsFile],
  ['demo.json', home.demoFile],
];

export interface RestoreOptions {
  readonly from: string;
  /** Whether state that is there may be replaced. */
  readonly replace: boolean;
  readonly say?: (text: string) => void;
}

/**
 * Makes a backup the state of a home, whose stack must be stopped: verifies every file, copies all beside the state, and only then
 * puts it in its place. What stops it before that changes nothing; what stops it afterwards is made up for by `finishRestore`.
 * @throws BACKUP_UNUSABLE, HOME_NOT_EMPTY
 */
export async function restoreHome(
  home: Home,
  { from, replace, say = () => undefined }: RestoreOptions,
): Promise<BackupManifest> {
  say('checking every file');
  const manifest = await verifyBackup(from);
  const there = [...replaced(home).map(([, path]) => path), home.postgres].filter(holdsSomething);
  if (there.length > 0 && !replace) {
    throw devStackError(
      'HOME_NOT_EMPTY',
      `There is state in ${home.root}. Restore into another folder (--home), or replace it with --yes`,
      { home: home.root },
    );
  }
  const staging = stagingOf(home);
  finishRestore(home, say);
  say('copying');
  rmSync(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true, mode: 0o700 });
  for (const path of Object.keys(manifest.files)) {
    await mkdir(dirname(join(staging, path)), { recursive: true, mode: 0o700 });
    await copyFile(join(from, path), join(staging, path));
  }
  for (const path of manifest.folders) await mkdir(join(staging, path), { recursive: true, mode: 0o700 });
  if (existsSync(join(staging, 'secrets.json'))) await chmod(join(staging, 'secrets.json'), 0o600);
  for (const [name] of replaced(home))
    if (!existsSync(join(staging, name))) await writeFile(join(staging, absent(name)), '');
  renameSync(staging, decidedOf(home));
  finishRestore(home, say);
  return manifest;
}

/** Finishes a restore that was decided and interrupted; does nothing where there is none. The stack must be stopped. */
export function finishRestore(home: Home, say: (text: string) => void = () => undefined): void {
  const decided = decidedOf(home);
  if (!existsSync(decided)) return;
  const data = join(decided, 'postgres');
  if (existsSync(data)) placeData(home.postgres, data, say);
  for (const [name, path] of replaced(home)) {
    const [next, nothing] = [join(decided, name), join(decided, absent(name))];
    if (!existsSync(next) && !existsSync(nothing)) continue;
    for (const old of [path, `${path}-wal`, `${path}-shm`]) rmSync(old, { recursive: true, force: true });
    if (existsSync(next)) renameSync(next, path);
  }
  rmSync(decided, { recursive: true });
}

/** Marks what a backup does not hold, so that it is not there afterwards either. */
const absent = (name: string) => `${name}.absent`;

function holdsSomething(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    return readdirSync(path).length > 0;
  } catch {
    return true;
  }
}
