import { domains, HAAT, type Domain } from '@haat/kit';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import {
  answersOk,
  developmentPublicJwk,
  developmentToken,
  findTemporal,
  internalTokenSecret,
  lockHome,
  portsFrom,
  postgresService,
  prepareHome,
  requireFreePorts,
  StackSupervisor,
  stopLeftovers,
  temporalService,
  type Home,
  type StackPorts,
} from '@haat/dev-stack';
import { finishRestore } from '@haat/dev-stack/backup';

import { homeOf, portBaseOf, stackGateway, type CliContext, type CommonOptions } from '../cli.context.ts';
import { askDemoQuestions, demoText, type DemoAnswer } from '../demo/demo.questions.ts';
import { trainDemo } from '../demo/demo.training.ts';
import { domainTools } from '../domains/domain.table.ts';
import type { DemoOptions } from '../domains/domain.tools.ts';
import { exitStatus } from '../exit.status.ts';
import type { Output } from '../output/output.ts';
import { pairs, seconds } from '../output/table.ts';
import { addressesOf, titledAddresses, type StackAddresses } from './stack.addresses.ts';
import { appNames, appService, healthOf } from './app.services.ts';
import { listenForInterruption, type Interruption } from './interruption.ts';
import { databaseUrls, updateDatabase } from './stack.database.ts';
import { runSteps, type Step, type StepGroup } from './steps.ts';

export interface UpOptions extends CommonOptions, DemoOptions {
  readonly demo?: boolean;
  readonly exit?: boolean;
  readonly port?: number;
}

/** How long the token is good that a start prints. */
const PRINTED_TOKEN_DAYS = 30;
const PRINTED_TOKEN_SECONDS = PRINTED_TOKEN_DAYS * 86_400;

/** One start of the stack: what its steps work with. */
interface Start {
  readonly context: CliContext;
  readonly options: UpOptions;
  readonly home: Home;
  readonly ports: StackPorts;
  readonly addresses: StackAddresses;
  readonly supervisor: StackSupervisor;
  readonly signal: AbortSignal;
  /** The demo's version that did not pass its gates, so that no model answers; null where one does. */
  readonly demo: { refused: string | null };
}

/** Starts the stack, tells where it is, and stays until it is told to end (or ends at once with `--exit`). */
export async function runStack(context: CliContext, output: Output, options: UpOptions): Promise<void> {
  const began = performance.now();
  const home = homeOf(context, options);
  const ports = portsFrom(portBaseOf(context, options.port));
  await prepareHome(home);
  const unlock = lockHome(home);
  const interruption = listenForInterruption();
  try {
    await stopLeftovers(home);
    finishRestore(home, (text) => output.note(text));
    await requireFreePorts(ports);
    const supervisor = new StackSupervisor(home, ports, {
      onRestart: (service, how) => output.note(`${service} ended by itself (${how}) and is started again`),
    });
    const addresses = addressesOf(ports);
    const demo = { refused: null };
    const start = { context, options, home, ports, addresses, supervisor, signal: interruption.signal, demo };
    try {
      if (!(await startAll(start, output, interruption, began))) context.exit = exitStatus.failed;
    } finally {
      if (!options.exit) output.note('stopping');
      await supervisor.stop();
    }
  } finally {
    unlock();
    interruption.dispose();
  }
}

/** Whether all came up; false when it was interrupted before, or with --exit where no model answers. Returns when it shall stop. */
async function startAll(start: Start, output: Output, { happened }: Interruption, began: number): Promise<boolean> {
  const { supervisor, addresses, options, home, demo } = start;
  const interrupted = happened.then(() => null);
  const steps = runSteps(stepsOf(start), output, start.signal);
  const times = await Promise.race([steps, interrupted, supervisor.failed]);
  if (times === null) {
    steps.catch(() => undefined);
    return false;
  }
  const readyMs = Math.round(performance.now() - began);
  const { refused } = demo;
  const answers = options.demo && refused === null ? await askDemoQuestions(stackGateway(home, addresses.graphql)) : [];
  const token = await developmentToken(home, PRINTED_TOKEN_SECONDS);
  const ready = {
    home: home.root,
    readyMilliseconds: readyMs,
    steps: times,
    addresses,
    token,
    questions: answers,
    refused,
  };
  output.result(ready, () => readyText(answers, addresses, readyMs, home, token, refused));
  if (options.exit) return refused === null;
  output.note(`Stop it with Ctrl-C, or from another terminal with: ${HAAT} down`);
  await Promise.race([interrupted, supervisor.failed]);
  return true;
}

function stepsOf({
  context,
  options,
  home,
  ports,
  addresses,
  supervisor,
  signal,
  demo,
}: Start): readonly (Step | StepGroup)[] {
  const temporal: Step = {
    title: 'Temporal server',
    run: async ({ say, title }) => {
      const { path, from } = await findTemporal({ env: context.env, progress: say, signal });
      title(`Temporal server (from ${from})`);
      const log = join(home.logs, 'temporal.log');
      const { temporal: port, temporalUi: uiPort } = ports;
      await supervisor.start(temporalService({ binary: path, database: home.temporalDb, port, uiPort, log }));
    },
  };
  const serverUrl = context.env.DATABASE_URL;
  let adminUrl = serverUrl ?? '';
  const postgres: Step = {
    title: 'PostgreSQL server',
    run: async ({ say }) => {
      const service = await postgresService(home, ports.postgres, say);
      adminUrl = service.adminUrl;
      await supervisor.start(service.spec);
    },
  };
  const migrations: Step = {
    title: 'Migrations',
    run: async ({ title }) => {
      const run = await updateDatabase(home, adminUrl);
      title(`Migrations (${run.length === 0 ? 'none was needed' : `${run.length} run`})`);
    },
  };
  const world = (domain: Domain): Step => ({
    title: `Demo world of ${domain}`,
    run: async (voice) => {
      const { load } = await domainTools[domain].demo();
      await load(home, databaseUrls(home, ports.postgres, serverUrl).tasks[domain], options, voice);
    },
  });
  const tokens = { internalSecret: internalTokenSecret(home), publicJwk: developmentPublicJwk(home) };
  const apps = appNames.map((name): Step => ({
    title: name,
    run: async () => {
      const connections = {
        tokens,
        databases: databaseUrls(home, ports.postgres, serverUrl),
        temporal: context.env.TEMPORAL_ADDRESS || `127.0.0.1:${ports.temporal}`,
        graphiqlToken: await developmentToken(home, PRINTED_TOKEN_SECONDS),
      };
      await supervisor.start(appService(name, home, ports, connections, context.env));
    },
  }));
  const gateway = stackGateway(home, addresses.graphql);
  const model = (domain: Domain): Step => ({
    title: `Model of ${domain}`,
    run: async (voice) => {
      const refused = await trainDemo(await domainTools[domain].demo(), gateway, voice, signal);
      demo.refused ??= refused;
      while (refused === null && !(await answersOk(healthOf(domain, ports)))) await sleep(50, undefined, { signal });
    },
  });
  const answers = (domain: Domain): Step => ({
    title: `Answers of ${domain}`,
    run: async (voice) => {
      const { compute } = await domainTools[domain].demo();
      if (compute === undefined) voice.title(`Answers of ${domain}: computed when they are asked for`);
      else if (demo.refused === null) await compute(gateway, voice, signal);
    },
  });
  const data = {
    title: 'Data',
    steps: [...(serverUrl ? [] : [postgres]), migrations, ...(options.demo ? domains.map(world) : [])],
  };
  return [
    { title: 'Below the apps', atOnce: true, steps: [...(context.env.TEMPORAL_ADDRESS ? [] : [temporal]), data] },
    { title: 'Apps', atOnce: true, steps: apps },
    ...(options.demo ? domains.flatMap((domain) => [model(domain), answers(domain)]) : []),
  ];
}

function readyText(
  answers: readonly DemoAnswer[],
  addresses: StackAddresses,
  readyMs: number,
  home: Home,
  token: string | null,
  refused: string | null,
): string {
  return [
    ...(answers.length > 0 ? [demoText(answers), ''] : []),
    `Haat is ready (${seconds(readyMs)}). State: ${home.root}`,
    '',
    pairs(titledAddresses(addresses)),
    '',
    `Development token (administrator, all scopes, ${PRINTED_TOKEN_DAYS} days), for: Authorization: Bearer <token>`,
    token,
    ...(refused === null
      ? []
      : ['', `No model answers yet: ${refused} did not pass its gates. See why with: ${HAAT} evaluate ${refused}`]),
  ].join('\n');
}
