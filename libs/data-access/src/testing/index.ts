import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isDomainError } from '@haat/kit';

import { databaseRoles, prepareDatabase } from '../database/database.roles.ts';
import { migrate, type MigrationSet } from '../database/database.migrations.ts';
import { removeEmbeddedPostgres, startEmbeddedPostgres, type EmbeddedServer } from '../embedded/index.ts';
import { serverUser } from '../embedded/server.user.ts';
import { platformMigrations } from '../platform/migrations/index.ts';
import type { Certificate } from './certificate.authority.ts';

export * from './certificate.authority.ts';
export * from './fault.rounds.ts';
export * from './hot.swaps.ts';
export * from './content.laws.ts';

export interface ScratchOptions {
  /** Domains whose roles to make. */
  readonly domains?: readonly string[];
  /** Migrations to run after the platform's. */
  readonly migrations?: readonly MigrationSet[];
  /** Whether what was committed outlives the server's death; slower. */
  readonly durable?: boolean;
  /** Lets it speak TLS with this certificate. */
  readonly tls?: Certificate;
}

/** A throw-away server with an empty, migrated database. */
export interface ScratchDatabase {
  /** The owner's address. */
  readonly url: string;
  /** The superuser's address, database `postgres`. */
  readonly adminUrl: string;
  /** Address by role: haat_owner, haat_platform, haat_packaging, haat_packaging_task. */
  readonly urls: Readonly<Record<string, string>>;
  /** Kills the server in the middle of whatever it does, and starts it again on the same port and data. */
  crash(): Promise<void>;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

/** Starts a server on a free port in a temporary folder; about 2 s. */
export async function startScratchDatabase({
  domains = ['packaging'],
  migrations = [],
  durable = false,
  tls,
}: ScratchOptions = {}): Promise<ScratchDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'haat-scratch-'));
  const directory = join(folder, 'postgres');
  const remove = () => {
    removeEmbeddedPostgres(directory);
    rmSync(folder, { recursive: true, force: true });
  };
  let server: EmbeddedServer | undefined;
  try {
    chmodSync(folder, 0o755);
    const options = {
      directory,
      settings: { ...(durable ? durableSettings : quickSettings), ...(tls && tlsSettings(folder, tls)) },
    };
    server = await startOnFreePort(options);
    const passwords = databaseRoles(domains).map((role) => [role, randomBytes(12).toString('hex')] as const);
    const urls = await prepareDatabase(server.url, Object.fromEntries(passwords));
    await migrate(urls['haat_owner']!, [platformMigrations, ...migrations]);
    const { url: adminUrl } = server;
    const port = Number(new URL(adminUrl).port);
    let running = server;
    return {
      url: urls['haat_owner']!,
      adminUrl,
      urls,
      async crash() {
        process.kill(running.pid, 'SIGKILL');
        await running.stop();
        running = await startOnPort(options, port);
      },
      async stop() {
        await running.stop();
        remove();
      },
    };
  } catch (error) {
    await server?.stop();
    remove();
    throw error;
  }
}

interface ServerOptions {
  readonly directory: string;
  readonly settings: Readonly<Record<string, string>>;
}

const quickSettings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '64MB' };
/** A killed server loses nothing that it has written to its files: only a machine that dies needs `fsync`. */
const durableSettings = { fsync: 'off', shared_buffers: '64MB' };

/** The server reads a key only from a file of its own user that nobody else may read. */
function tlsSettings(folder: string, certificate: Certificate): Readonly<Record<string, string>> {
  const { uid, gid } = serverUser();
  const written = (part: keyof Certificate) => {
    const file = join(folder, `server.${part}.pem`);
    writeFileSync(file, certificate[part], { mode: 0o600 });
    if (uid !== undefined && gid !== undefined) chownSync(file, uid, gid);
    return file;
  };
  return { ssl: 'on', ssl_cert_file: written('cert'), ssl_key_file: written('key') };
}

async function startOnFreePort(options: ServerOptions): Promise<EmbeddedServer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startOnPort(options, await freePort());
    } catch (error) {
      if (tries === 5 || !isDomainError(error) || error.code !== 'POSTGRES_PORT_TAKEN') throw error;
    }
  }
}

const startOnPort = (options: ServerOptions, port: number) =>
  startEmbeddedPostgres({ ...options, port, password: 'scratch', log: () => undefined });

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
