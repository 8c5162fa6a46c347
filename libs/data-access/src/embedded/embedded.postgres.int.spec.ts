import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';

import { preparePostgres, removeEmbeddedPostgres, startEmbeddedPostgres, type EmbeddedServer } from './index.ts';

let folder: string;
let port: number;
const said: string[] = [];
const running: EmbeddedServer[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'haat-embedded-'));
  chmodSync(folder, 0o755);
  port = await new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address() as { port: number };
      probe.close(() => resolve(free));
    });
  });
  said.length = 0;
});

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  removeEmbeddedPostgres(join(folder, 'data'));
  rmSync(folder, { recursive: true, force: true });
});

const options = (directory = join(folder, 'data')) => ({
  directory,
  port,
  password: 'a "quoted" pass/word',
  log: (line: string) => said.push(line),
  settings: { shared_buffers: '16MB' },
});

async function start(directory?: string): Promise<EmbeddedServer> {
  const server = await startEmbeddedPostgres(options(directory));
  running.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Processes whose command line names the data directory, and children of `pid`. */
const processesOf = (pid: number, directory: string) =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter(
      (line) =>
        !/ Z\S* /.test(line) && (line.includes(`-D ${directory} `) || Number(line.trim().split(/\s+/)[1]) === pid),
    );

describe('embedded PostgreSQL', () => {
  it('keeps its data from one start to the next and leaves no process', async () => {
    const first = await start();
    await query(first.url, 'create table kept as select 42 as n');
    expect(processesOf(first.pid, first.dataDirectory).length).toBeGreaterThan(1);
    await first.stop();
    await first.stop();
    expect(processesOf(first.pid, first.dataDirectory)).toEqual([]);
    const second = await start();
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 42 }]);
  });

  it('starts after a crash, also when the number of the dead server belongs to another program', async () => {
    const first = await start();
    await query(first.url, 'create table kept as select 7 as n');
    process.kill(first.pid, 'SIGKILL');
    const second = await start();
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
    await second.stop();

    const ids =
      process.getuid?.() === 0 ? { uid: Number(execFileSync('id', ['-u', 'postgres'], { encoding: 'utf8' })) } : {};
    const other = spawn('sleep', ['60'], ids);
    const lock = join(second.dataDirectory, 'postmaster.pid');
    writeFileSync(lock, `${other.pid}\n${second.dataDirectory}\n1\n${port}\n\n127.0.0.1\n\nready\n`);
    try {
      const third = await start();
      expect(await query(third.url, 'select n from kept')).toEqual([{ n: 7 }]);
    } finally {
      other.kill();
    }
  });

  it('refuses a directory on which a server works, and leaves that server alone', async () => {
    const server = await start();
    await expect(startEmbeddedPostgres(options())).rejects.toMatchObject({
      code: 'POSTGRES_ALREADY_RUNNING',
      details: { pid: server.pid, port },
    });
    expect(await query(server.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('says that its port is taken', async () => {
    const other = await new Promise<Server>((resolve) => {
      const server = createServer().listen(port, '127.0.0.1', () => resolve(server));
    });
    await expect(startEmbeddedPostgres(options())).rejects.toMatchObject({
      code: 'POSTGRES_PORT_TAKEN',
      details: { port },
    });
    await new Promise((resolve) => other.close(resolve));
    expect((await start()).url).toContain(`127.0.0.1:${port}`);
  });

  it('refuses data of another version, and a folder that holds something else', async () => {
    mkdirSync(join(folder, 'old'));
    writeFileSync(join(folder, 'old', 'PG_VERSION'), '12\n');
    await expect(preparePostgres(options(join(folder, 'old')))).rejects.toMatchObject({
      code: 'POSTGRES_DATA_UNUSABLE',
      message: expect.stringContaining('PostgreSQL 12'),
    });
    mkdirSync(join(folder, 'letters'));
    writeFileSync(join(folder, 'letters', 'dear.txt'), 'Dear all');
    await expect(preparePostgres(options(join(folder, 'letters')))).rejects.toMatchObject({
      code: 'POSTGRES_DATA_UNUSABLE',
    });
    expect(readFileSync(join(folder, 'letters', 'dear.txt'), 'utf8')).toBe('Dear all');
  });

  it('keeps its data below a folder that only its owner may enter, as root elsewhere and says so, and finds them again', async () => {
    const elsewhere = process.getuid?.() === 0;
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const directory = join(closed, 'data');
    const first = await start(directory);
    expect(first.dataDirectory.startsWith(closed)).toBe(!elsewhere);
    expect(
      said.join('\n').includes(`may not enter ${directory}: the database's files are in ${first.dataDirectory}`),
    ).toBe(elsewhere);
    await query(first.url, 'create table kept as select 42 as n');
    await first.stop();
    const second = await start(directory);
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 42 }]);
    await second.stop();
    removeEmbeddedPostgres(directory);
    expect([existsSync(directory), existsSync(first.dataDirectory)]).toEqual([false, false]);
  });
});
