import { join } from 'node:path';

import { preparePostgres } from '@haat/data-access/embedded';

import type { Home } from './home.layout.ts';
import type { ServiceSpec } from './service.process.ts';
import { secretsFor } from './stack.secrets.ts';

/** What the server says when it serves. */
const READY = 'database system is ready to accept connections';
/** Recovery after a crash included. */
const READY_WITHIN_MS = 120_000;

export interface PostgresService {
  readonly spec: ServiceSpec;
  /** The superuser's address. */
  readonly adminUrl: string;
}

/**
 * The embedded PostgreSQL server of a state folder, its data directory made on the first start.
 * @throws the errors of `preparePostgres`
 */
export async function postgresService(
  home: Home,
  port: number,
  hear: (line: string) => void,
): Promise<PostgresService> {
  const { postgres: password } = secretsFor(home, ['postgres']);
  const program = await preparePostgres({ directory: home.postgres, port, password, log: hear });
  return {
    adminUrl: program.url,
    spec: {
      name: 'postgres',
      command: program.command,
      args: program.args,
      env: program.env,
      cwd: program.cwd,
      uid: program.uid,
      gid: program.gid,
      log: join(home.logs, 'postgres.log'),
      health: null,
      ready: async (said) => said().some((line) => line.includes(READY)),
      readyWithinMs: READY_WITHIN_MS,
      stopSignal: program.stopSignal,
    },
  };
}
