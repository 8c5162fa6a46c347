import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isDomainError } from '@haat/kit';

import { databaseRoles, prepareDatabase } from '../database/database.roles.ts';
import { migrate, type MigrationSet } from '../database/database.migrations.ts';
import { removeEmbeddedPostgres, startEmbeddedPostgres, type EmbeddedServer } from '../embedded/index.ts';
import { platformMigrations } from '../platform/migrations/index.ts';

export * from './hot.swaps.ts';
export * from './content.laws.ts';

export interface ScratchOptions {
  /** Domains whose roles to make. */
  readonly domains?: readonly string[];
  /** Migrations to run after the platform's. */
  readonly migrations?: readonly MigrationSet[];
}

/** A throw-away server with an empty, migrated database. */
export interface ScratchDatabase {
  /** The owner's address. */
  readonly url: string;
  /** The superuser's address, database `postgres`. */
  readonly adminUrl: string;
  /** Address by role: haat_owner, haat_platform, haat_packaging, haat_packaging_task. */
  readonly urls: Readonly<Record<string, string>>;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

/** Starts a server on a free port in a temporary folder; about 2 s. */
export async function startScratchDatabase({
  domains = ['packaging'],
  migrations = [],
}: ScratchOptions = {}): Promise<ScratchDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'haat-scratch-'));
  const directory = join(folder, 'postgres');
  const remove = () => {
    removeEmbeddedPostgres(directory);
    rmSync(folder, { recursive: true, force: true });
  };
  let server: EmbeddedServer | undefined;
  try {
    server = await startOnFreePort(directory, folder);
    const passwords = databaseRoles(domains).map((role) => [role, randomBytes(12).toString('hex')] as const);
    const urls = await prepareDatabase(server.url, Object.fromEntries(passwords));
    await migrate(urls['haat_owner']!, [platformMigrations, ...migrations]);
    const { stop, url: adminUrl } = server;
    return {
      url: urls['haat_owner']!,
      adminUrl,
      urls,
      async stop() {
        await stop();
        remove();
      },
    };
  } catch (error) {
    await server?.stop();
    remove();
    throw error;
  }
}

async function startOnFreePort(directory: string, folder: string): Promise<EmbeddedServer> {
  chmodSync(folder, 0o755);
  for (let tries = 1; ; tries += 1) {
    try {
      return await startEmbeddedPostgres({
        directory,
        port: await freePort(),
        password: 'scratch',
        log: () => undefined,
        settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '64MB' },
      });
    } catch (error) {
      if (tries === 5 || !isDomainError(error) || error.code !== 'POSTGRES_PORT_TAKEN') throw error;
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
