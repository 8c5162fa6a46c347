import { HAAT } from '@haat/kit';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { dataAccessError } from '../data-access.errors.ts';
import { installedBinaries, type PostgresBinaries } from './postgres.binaries.ts';
import { freeDataFolder } from './postmaster.lock.ts';
import { dataFolder, placeOfData, removeData, runnableBinaries } from './server.folders.ts';
import { SERVER_USER, serverUser, type ServerUser } from './server.user.ts';

export interface EmbeddedOptions {
  /** Where the data live; made on the first start, reused afterwards. */
  readonly directory: string;
  /** Port on the loopback address. */
  readonly port: number;
  /** Password of the superuser `postgres`; fixed by the first start. */
  readonly password: string;
  /** What the server says, line by line, and what we have to say of folders. */
  readonly log: (line: string) => void;
  /** Further server settings, such as `{ fsync: 'off' }` for data that may be lost. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** How to start the server on a prepared data directory, for callers that supervise processes themselves. */
export interface PostgresProgram {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Ends it in good order: rolls back what is open, writes a checkpoint. */
  readonly stopSignal: 'SIGINT';
  /** The superuser's address, database `postgres`. */
  readonly url: string;
  /** Where the data really are: `directory`, or another folder where the server's user may not enter that one. */
  readonly dataDirectory: string;
}

export interface EmbeddedServer {
  /** The superuser's address, database `postgres`. */
  readonly url: string;
  readonly pid: number;
  readonly dataDirectory: string;
  /** Ends the server and waits until its processes are gone. May be called twice. */
  stop(): Promise<void>;
}

/** What a started server says when it serves; its messages are in English by `lc_messages`. */
const READY = 'database system is ready to accept connections';
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 20_000;

/**
 * Makes a data directory ready: finds the programs and the user, checks that this user may enter both, runs `initdb` on the
 * first start and clears what a crash left.
 * @throws POSTGRES_BINARY_MISSING, POSTGRES_USER_MISSING, POSTGRES_FOLDER_CLOSED, POSTGRES_ALREADY_RUNNING,
 *   POSTGRES_PORT_TAKEN, POSTGRES_DATA_UNUSABLE, POSTGRES_FAILED
 */
export async function preparePostgres(options: EmbeddedOptions): Promise<PostgresProgram> {
  const user = serverUser();
  const binaries = runnableBinaries(installedBinaries(), user, options.log);
  const dataDirectory = dataFolder(options.directory, user, options.log);
  if (existsSync(join(dataDirectory, 'PG_VERSION'))) {
    requireVersion(dataDirectory);
    await freeDataFolder(dataDirectory);
  } else {
    await initialise(binaries, user, dataDirectory, options);
  }
  await requireFreePort(options.port);
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    ...options.settings,
  };
  return {
    command: binaries.postgres,
    args: [
      '-D',
      dataDirectory,
      '-p',
      String(options.port),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    env: serverEnvironment(),
    cwd: dataDirectory,
    ...idsOf(user),
    stopSignal: 'SIGINT',
    url: `postgres://postgres:${encodeURIComponent(options.password)}@127.0.0.1:${options.port}/postgres`,
    dataDirectory,
  };
}

/** Starts a server on a data directory and waits until it serves. Errors: as `preparePostgres`. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const program = await preparePostgres(options);
  const child = spawn(program.command, program.args, {
    cwd: program.cwd,
    env: program.env,
    uid: program.uid,
    gid: program.gid,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  let ended = false;
  const exit = new Promise<void>((resolve) => child.once('close', () => resolve(void (ended = true))));
  await new Promise<void>((resolve, reject) => {
    const failed = (what: string, cause?: unknown) =>
      reject(startFailure(what, said, options, program.dataDirectory, cause));
    const late = setTimeout(() => {
      child.kill('SIGQUIT');
      failed(`did not serve within ${READY_WITHIN_MS / 1000} s`);
    }, READY_WITHIN_MS);
    child.once('error', (cause) => failed(cause.message, cause));
    void exit.then(() => failed('ended before it served'));
    onLines(child.stderr, (line) => {
      if (said.push(line) > 40) said.shift();
      options.log(line);
      if (line.includes(READY)) {
        clearTimeout(late);
        resolve();
      }
    });
    void exit.then(() => clearTimeout(late));
  });
  return {
    url: program.url,
    pid: child.pid!,
    dataDirectory: program.dataDirectory,
    async stop() {
      if (ended) return;
      child.kill('SIGINT');
      const impatient = setTimeout(() => child.kill('SIGQUIT'), STOP_WITHIN_MS);
      await exit;
      clearTimeout(impatient);
    },
  };
}

/**
 * What would run on a data directory, as whom, and where the data really are. Changes nothing.
 * @throws POSTGRES_BINARY_MISSING
 */
export function embeddedFacts(directory: string): { program: string; user: string; dataDirectory: string } {
  const { postgres: program } = installedBinaries();
  const user = process.getuid?.() === 0 ? SERVER_USER : 'this user';
  return { program, user, dataDirectory: placeOfData(directory) };
}

/** Removes a data directory, also where its data are elsewhere. The server must be stopped. */
export function removeEmbeddedPostgres(directory: string): void {
  removeData(directory);
}

async function initialise(
  { initdb }: PostgresBinaries,
  user: ServerUser,
  dataDirectory: string,
  { password, log }: EmbeddedOptions,
): Promise<void> {
  const passwordFile = join(tmpdir(), `haat-${randomBytes(8).toString('hex')}`);
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  if (user.uid !== undefined && user.gid !== undefined) chownSync(passwordFile, user.uid, user.gid);
  const args = [
    `--pgdata=${dataDirectory}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
  ];
  const said: string[] = [];
  const hear = (line: string) => {
    said.push(line);
    log(line);
  };
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      const child = spawn(initdb, args, {
        cwd: dataDirectory,
        env: serverEnvironment(),
        ...idsOf(user),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      onLines(child.stdout, hear);
      onLines(child.stderr, hear);
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code !== 0) throw unusable(dataDirectory, `initdb ended with ${code}`, said);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function requireVersion(dataDirectory: string): void {
  const found = readFileSync(join(dataDirectory, 'PG_VERSION'), 'utf8').trim();
  if (found !== '18') throw unusable(dataDirectory, `it holds data of PostgreSQL ${found}, and the server is 18`, []);
}

function requireFreePort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (cause) => reject(portTaken(port, cause)));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve()));
  });
}

function startFailure(
  what: string,
  said: readonly string[],
  { port }: EmbeddedOptions,
  dataDirectory: string,
  cause: unknown,
) {
  if (said.some((line) => line.includes('could not bind'))) return portTaken(port, cause);
  return dataAccessError(
    'POSTGRES_FAILED',
    `The PostgreSQL server on ${dataDirectory} ${what}. It said:\n${tail(said)}`,
    { dataDirectory },
    cause,
  );
}

function portTaken(port: number, cause: unknown) {
  return dataAccessError(
    'POSTGRES_PORT_TAKEN',
    `Port ${port}, which PostgreSQL needs, is taken by another program. Stop that program, or choose another port.`,
    { port },
    cause,
  );
}

function unusable(dataDirectory: string, what: string, said: readonly string[]) {
  return dataAccessError(
    'POSTGRES_DATA_UNUSABLE',
    `The data directory ${dataDirectory} cannot be used: ${what}. ${said.length > 0 ? `It said:\n${tail(said)}\n` : ''}Bring back a fitting one, or start anew with: ${HAAT} reset`,
    { dataDirectory },
  );
}

const tail = (said: readonly string[]) =>
  said
    .slice(-10)
    .map((line) => `    ${line}`)
    .join('\n');

const idsOf = ({ uid, gid }: ServerUser) => (uid === undefined || gid === undefined ? {} : { uid, gid });

const serverEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  LC_ALL: 'C',
  TZ: 'UTC',
  PGTZ: 'UTC',
});

function onLines(stream: NodeJS.ReadableStream, hear: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    lines.forEach(hear);
  });
  stream.on('end', () => rest !== '' && hear(rest));
}
