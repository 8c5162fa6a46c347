import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { startEmbeddedPostgres } from '@haat/data-access/embedded';
import { freePort, lockHome, readSecrets, readState, secretsFor, type Home } from '@haat/dev-stack';
import { backupHome, finishRestore, type BackupManifest } from '@haat/dev-stack/backup';

import { checkout, type CliContext } from '../cli.context.ts';
import { cliError } from '../cli.errors.ts';

/**
 * Backs a home up: through the database that runs on it, else through one that is started for as long as it takes.
 * @throws NOT_OUR_DATABASE for a stack over DATABASE_URL
 */
export async function backupOf(
  context: CliContext,
  home: Home,
  out: string,
  say: (text: string) => void,
): Promise<BackupManifest> {
  const artifacts = !context.env.ARTIFACTS_URL;
  if (!artifacts)
    say('The artifacts are not in the state folder (ARTIFACTS_URL): back their store up by its own means.');
  const work = async (adminUrl: string) =>
    backupHome(home, { out, adminUrl, artifacts, codeRevision: await codeRevision(), say });
  const state = readState(home);
  if (context.env.DATABASE_URL || (state !== null && !state.services.some(({ name }) => name === 'postgres'))) {
    throw cliError(
      'NOT_OUR_DATABASE',
      "The database is not one that Haat started (DATABASE_URL): use that server's own backup (pg_basebackup, its archive, or its provider's snapshots), then that of the store of ARTIFACTS_URL",
    );
  }
  if (state !== null) return work(adminUrlAt(home, state.ports.postgres));
  const unlock = lockHome(home);
  try {
    finishRestore(home, say);
    const { postgres: password } = secretsFor(home, ['postgres']);
    const port = await freePort();
    const server = await startEmbeddedPostgres({ directory: home.postgres, port, password, log: () => undefined });
    return await work(server.url).finally(() => server.stop());
  } finally {
    unlock();
  }
}

/** The superuser's address of the embedded server on a port. */
export function adminUrlAt(home: Home, port: number): string {
  const { postgres: password = '' } = readSecrets(home);
  return `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
}

/** Revision of this checkout; null where there is no Git. */
export async function codeRevision(): Promise<string | null> {
  return promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: checkout }).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
}
