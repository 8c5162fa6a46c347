import { HAAT } from '@haat/kit';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { availableParallelism, freemem, release, totalmem, type, userInfo } from 'node:os';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

import { isAlive, lockOwner, portOrder, portsFrom, readState, requireFreePorts, type Home } from '@haat/dev-stack';

import { checkout } from '../cli.context.ts';
import { bytes } from '../output/table.ts';
import { codeRevision } from '../stack/stack.backup.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const GIB = 1024 ** 3;

/** Versions, system and room. */
export async function machineChecks(home: Home): Promise<readonly Finding[]> {
  const revision = await codeRevision();
  const changed = await said('git', ['status', '--porcelain'], checkout);
  const npm = await said('npm', ['--version'], checkout);
  const major = Number(process.versions.node.split('.')[0]);
  const memory = `${bytes(totalmem())}, ${bytes(freemem())} free`;
  return [
    major >= 24
      ? ok('node', process.version)
      : fail('node', process.version, 'Run through npx or npm, which bring Node 24, after: npm ci'),
    npm === null ? warn('npm', 'not found', 'Install npm to build and update Haat') : ok('npm', npm),
    revision === null
      ? warn('haat', 'no Git checkout', 'Say which version you run when you ask for support')
      : ok('haat', `${revision.slice(0, 12)}${changed ? ', with changes of your own' : ''}`),
    ok('system', `${type()} ${release()}, ${process.platform}-${process.arch}, user ${userInfo().username}`),
    availableParallelism() >= 2
      ? ok('processors', String(availableParallelism()))
      : warn('processors', '1', 'Training and serving share it: expect slow answers while a model trains'),
    totalmem() >= 4 * GIB ? ok('memory', memory) : warn('memory', memory, 'Haat with all its servers wants 4 GiB'),
    await roomCheck(home),
  ];
}

async function roomCheck({ root }: Home): Promise<Finding> {
  let folder = root;
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize, files, ffree } = await statfs(folder);
  const free = bavail * bsize;
  const found = `${bytes(free)} free at ${folder}`;
  const advice = `Make room, or move the state to another disk (${HAAT} backup, ${HAAT} restore --home DIR)`;
  if (free < GIB) return fail('disk', found, advice);
  if (files > 0 && ffree / files < 0.02) return fail('disk', `${ffree} inodes free at ${folder}`, advice);
  return free < 5 * GIB ? warn('disk', found, advice) : ok('disk', found);
}

/** The state folder, its permissions, and who works on it. */
export async function homeChecks(home: Home, portBase: number): Promise<readonly Finding[]> {
  if (!existsSync(home.root)) {
    return [
      warn('state folder', `${home.root} is not there yet`, `Start Haat with: ${HAAT} up`),
      await portCheck(portBase),
    ];
  }
  const folder = await stat(home.root);
  const owner = process.getuid?.();
  const own =
    owner === undefined || folder.uid === owner
      ? ok('state folder', `${home.root}, ours`)
      : fail(
          'state folder',
          `${home.root} belongs to user ${folder.uid}, and we are ${owner}`,
          `chown -R ${owner} ${home.root}`,
        );
  const launcher = lockOwner(home);
  const state = readState(home);
  const gone = state?.services.filter((service) => !isAlive(service)).map(({ name }) => name) ?? [];
  const stack =
    launcher === null
      ? state === null
        ? ok('stack', 'stopped')
        : warn('stack', 'its launcher is gone', `Clear up with: ${HAAT} down`)
      : gone.length === 0
        ? ok('stack', `runs (process ${launcher.pid}) since ${state?.startedAt ?? 'now'}`)
        : fail('stack', `not running: ${gone.join(', ')}`, `See their logs in ${home.logs}`);
  return [own, await secretsCheck(home), stack, ...(state === null ? [await portCheck(portBase)] : [])];
}

async function secretsCheck({ secretsFile }: Home): Promise<Finding> {
  if (!existsSync(secretsFile)) return ok('passwords', 'none made yet');
  const mode = (await stat(secretsFile)).mode & 0o777;
  return mode === 0o600
    ? ok('passwords', `${secretsFile}, mode 0600`)
    : fail('passwords', `${secretsFile} has mode 0${mode.toString(8)}: others may read it`, `chmod 600 ${secretsFile}`);
}

async function portCheck(base: number): Promise<Finding> {
  const ports = portsFrom(base);
  const range = `${ports[portOrder[0]]} to ${ports[portOrder.at(-1)!]}`;
  return requireFreePorts(ports).then(
    () => ok('ports', `${range} are free`),
    (taken: Error) => fail('ports', taken.message, `Start on other ports: ${HAAT} up --port BASE`),
  );
}

function said(command: string, args: readonly string[], cwd: string): Promise<string | null> {
  return promisify(execFile)(command, args, { cwd, timeout: 10_000 }).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
}
