import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import pg from 'pg';

import { connectionError } from '../database/connection.failure.ts';
import { dataAccessError } from '../data-access.errors.ts';
import { copyFolder } from './folder.copy.ts';

/** What a base backup holds: the state of the server when it ended. */
export interface BaseBackup {
  /** Where in the log the backup begins and ends. */
  readonly startLsn: string;
  readonly stopLsn: string;
  readonly endedAt: string;
  readonly serverVersion: string;
}

/** Files that belong to the running server and not to its data (as `pg_basebackup` leaves them out). */
const leftOut = ['postmaster.pid', 'postmaster.opts', 'backup_label', 'tablespace_map', 'MOVED-TO'];
/** Folders that a server fills anew when it starts; they stay, empty. */
const emptied = [
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
];

/**
 * Copies a server's data into `folder` while it works: its own low-level backup (`pg_backup_start`, the files, `pg_backup_stop`, and
 * the log between the two, which a replication slot holds back for us). A server that starts on the copy replays that log and
 * has what was committed when the backup ended. `url` is the superuser's; the data folder must be on this machine.
 * @throws DATABASE_UNREACHABLE, DATABASE_REFUSED, POSTGRES_FAILED when a part of the log is missing.
 */
export async function backupPostgres(url: string, folder: string): Promise<BaseBackup> {
  const client = new pg.Client({ connectionString: url, application_name: 'haat-backup' });
  client.on('error', () => undefined);
  await client.connect().catch((cause: unknown) => {
    throw connectionError(url, cause);
  });
  const one = async <T extends object>(sql: string, values: unknown[] = []) =>
    (await client.query<T>(sql, values)).rows[0]!;
  try {
    const { data, version } = await one<{ data: string; version: string }>(
      `select current_setting('data_directory') as data, current_setting('server_version') as version`,
    );
    // Temporary: gone with this connection, however it ends.
    await client.query(`select pg_create_physical_replication_slot($1, true, true)`, [`haat_backup_${process.pid}`]);
    const { lsn: startLsn, file: firstFile } = await one<{ lsn: string; file: string }>(
      `select lsn::text, pg_walfile_name(lsn) as file from pg_backup_start('haat', fast => true) as lsn`,
    );
    await copyFolder(data, folder, (path) => {
      const [top = ''] = path.split('/');
      return !leftOut.includes(path) && !emptied.includes(top) && !/(^|\/)(pgsql_tmp|pg_internal\.init)/.test(path);
    });
    for (const name of emptied) await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
    await mkdir(join(folder, 'pg_wal', 'archive_status'), { recursive: true, mode: 0o700 });
    const { lsn: stopLsn, labelfile } = await one<{ lsn: string; labelfile: string }>(
      `select lsn::text, labelfile from pg_backup_stop(wait_for_archive => false)`,
    );
    await writeFile(join(folder, 'backup_label'), labelfile, { mode: 0o600 });
    const { file: lastFile, at } = await one<{ file: string; at: Date }>(
      `select pg_walfile_name($1::pg_lsn) as file, now() as at`,
      [stopLsn],
    );
    await copyLog(join(data, 'pg_wal'), join(folder, 'pg_wal'), firstFile, lastFile);
    return { startLsn, stopLsn, endedAt: at.toISOString(), serverVersion: version };
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The segments of the log from the first to the last, whose names are in their order. */
async function copyLog(from: string, to: string, first: string, last: string): Promise<void> {
  const wanted = (name: string) => /^[0-9A-F]{24}$/.test(name) && name >= first && name <= last;
  await copyFolder(from, to, (path) => wanted(path));
  const copied = new Set(await readdir(to));
  for (const name of [first, last]) {
    if (!copied.has(name))
      throw dataAccessError('POSTGRES_FAILED', `The server's log lacks the segment ${name}; back up again`);
  }
}
