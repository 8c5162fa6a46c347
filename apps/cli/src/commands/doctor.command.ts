import { HAAT } from '@haat/kit';

import { DATABASE_NAME } from '@haat/data-access';
import { readState } from '@haat/dev-stack';

import { addCommand, withHome, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { homeOf, outputOf, portBaseOf, type CliContext } from '../cli.context.ts';
import { appChecks, logChecks } from '../doctor/app.checks.ts';
import { databaseChecks, embeddedChecks } from '../doctor/database.checks.ts';
import { findings, warn, type Finding } from '../doctor/finding.ts';
import { homeChecks, machineChecks } from '../doctor/machine.checks.ts';
import { temporalBinaryCheck, temporalChecks } from '../doctor/temporal.checks.ts';
import { exitStatus } from '../exit.status.ts';
import { artifactsUrl } from '../stack/stack.artifacts.ts';
import { adminUrlAt } from '../stack/stack.backup.ts';
import { stackTemporalAccess } from '../stack/stack.temporal.ts';

export const addDoctor: AddCommand = (program, context) => {
  withHome(
    addCommand(program, {
      usage: 'doctor',
      summary: 'check everything that support would ask for',
      description:
        'Checks versions, machine, disk, ports, the state folder, PostgreSQL, Temporal, the artifact of each champion, the apps, clocks and logs, and says what to do about what is wrong. Changes nothing, shows no secret, and works with nothing running. Servers of DATABASE_URL, TEMPORAL_ADDRESS and ARTIFACTS_URL are checked where those are set. Exit code 1 when something does not work.',
      examples: [
        ['doctor', 'for a person'],
        ['doctor --json', 'to attach to a request for support'],
      ],
    }),
  ).action(async (options: CommonOptions) => {
    const all = await examine(context, options);
    const failed = all.filter(({ state }) => state === 'fail').length;
    const warned = all.filter(({ state }) => state === 'warn').length;
    if (failed > 0) context.exit = exitStatus.failed;
    outputOf(context, options).result({ failed, warned, findings: all }, (value) =>
      [...value.findings.map(lineOf), '', `${value.failed} failed, ${value.warned} to look at.`].join('\n'),
    );
  });
};

async function examine(context: CliContext, options: CommonOptions): Promise<readonly Finding[]> {
  const home = homeOf(context, options);
  const { env } = context;
  const state = readState(home);
  const databaseUrl = env.DATABASE_URL || (state && adminUrlAt(home, state.ports.postgres));
  const notRunning = (name: string) => [warn(name, 'not running', `Start Haat with: ${HAAT} up`)];
  const groups = await Promise.all([
    findings('machine', () => machineChecks(home)),
    findings('state folder', () => homeChecks(home, portBaseOf(context, undefined))),
    env.DATABASE_URL ? [] : findings('PostgreSQL programs', () => embeddedChecks(home)),
    databaseUrl
      ? findings('PostgreSQL', () => databaseChecks(inHaat(databaseUrl), artifactsUrl(home, env)))
      : notRunning('PostgreSQL'),
    env.TEMPORAL_ADDRESS ? [] : findings('Temporal program', () => temporalBinaryCheck(env)),
    env.TEMPORAL_ADDRESS || state
      ? findings('Temporal', () => temporalChecks(stackTemporalAccess(context, options)))
      : notRunning('Temporal'),
    state === null ? notRunning('apps') : findings('apps', () => appChecks(state.services, home.logs)),
    findings('logs', () => logChecks(home, new Date())),
  ]);
  return groups.flat();
}

/** The same server and role, in Haat's database. */
function inHaat(serverUrl: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${DATABASE_NAME}`;
  return url.href;
}

const lineOf = ({ check, state, found, advice }: Finding) =>
  `${state.padEnd(4)}  ${check.padEnd(20)}  ${found}${advice === undefined ? '' : `\n      ${' '.repeat(20)}  -> ${advice}`}`;
