import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';

import { backupPostgres, copyFolder } from '@haat/data-access/embedded';

import { devStackError } from '../dev-stack.errors.ts';
import type { Home } from '../home.layout.ts';
import { writeManifest, type BackupManifest } from './backup.manifest.ts';

export interface BackupOptions {
  /** The folder to make; it must not be there, or be empty. */
  readonly out: string;
  /** The superuser's address of the home's PostgreSQL, which must serve. */
  readonly adminUrl: string;
  /** Whether the home's own folder of artifacts is the store; false where that is elsewhere. */
  readonly artifacts: boolean;
  readonly codeRevision: string | null;
  readonly say?: (text: string) => void;
}

/**
 * Copies all that a home keeps into a folder while everything works. The order makes the parts fit: the workflows' history first,
 * the database after it, the artifacts last. A history that knows less than the database repeats steps, which changes nothing; a
 * database that knows fewer artifacts than there are misses none.
 * @throws BACKUP_TARGET_TAKEN, and what the database throws
 */
export async function backupHome(home: Home, options: BackupOptions): Promise<BackupManifest> {
  const { adminUrl, artifacts, codeRevision, say = () => undefined } = options;
  const out = resolve(options.out);
  if (existsSync(out) && (await readdir(out)).length > 0) {
    throw devStackError('BACKUP_TARGET_TAKEN', `${out} is there and not empty: name a new folder for the backup`, {
      out,
    });
  }
  if (relative(home.root, out).split(sep)[0] !== '..') {
    throw devStackError(
      'BACKUP_TARGET_TAKEN',
      `${out} lies in the state folder that is backed up, and would be lost with it: name a folder elsewhere, best on another disk`,
      { out, home: home.root },
    );
  }
  const unfinished = `${out}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  try {
    say("the workflows' history");
    if (existsSync(home.temporalDb)) await copyHistory(home.temporalDb, join(unfinished, 'temporal.db'));
    say('the database');
    const postgres = await backupPostgres(adminUrl, join(unfinished, 'postgres'));
    say('the artifacts');
    if (artifacts) await copyFolder(home.artifacts, join(unfinished, 'artifacts'), isContent);
    for (const [file, name] of [
      [home.secretsFile, 'secrets.json'],
      [home.demoFile, 'demo.json'],
    ] as const) {
      if (!existsSync(file)) continue;
      await copyFile(file, join(unfinished, name));
      await chmod(join(unfinished, name), 0o600);
    }
    say('the manifest');
    const manifest = await writeManifest(unfinished, { endedAt: new Date().toISOString(), codeRevision, postgres });
    await rm(out, { recursive: true, force: true });
    await rename(unfinished, out);
    return manifest;
  } catch (failure) {
    await rm(unfinished, { recursive: true, force: true });
    throw failure;
  }
}

/** By SQLite's own online backup: a moment's whole state, also while the server writes. */
async function copyHistory(from: string, to: string): Promise<void> {
  const source = new DatabaseSync(from, { readOnly: true });
  try {
    await backup(source, to);
  } finally {
    source.close();
  }
  await chmod(to, 0o600);
}

/** Not what is being written. */
const isContent = (path: string) => /^[0-9a-f]{2}(\/[0-9a-f]{64})?$/.test(path);
