import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { DEFAULT_PORT_BASE, developmentToken, homeAt, PORT_BASES, readState, type Home } from '@haat/dev-stack';

import type { GateResult } from '@haat/workflows';

import { cliError } from './cli.errors.ts';
import { exitStatus, type ExitStatus } from './exit.status.ts';
import { GatewayClient } from './gateway/gateway.client.ts';
import { Output, type TextStream } from './output/output.ts';
import { rejectsText, type Rejects } from './output/rejects.text.ts';

/** The world of one command line: its environment and its three streams. */
export interface CliContext {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  /** Set by a command that ends otherwise than by `ok` without throwing. */
  exit: ExitStatus;
}

/** Options that commands share. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly home?: string;
  readonly url?: string;
}

/** The checkout that this program runs from. */
export const checkout = fileURLToPath(new URL('../../../', import.meta.url));

export function outputOf(context: CliContext, options: CommonOptions): Output {
  return new Output(options.json ?? false, context.stdout, context.stderr);
}

/** Tells on stderr which rows of files were left out, where some were, and ends the command accordingly. */
export function tellRejects(context: CliContext, output: Output, rejects: Rejects): void {
  if (rejects.rejected === 0) return;
  context.exit = exitStatus.someBadRows;
  output.note(rejectsText(rejects));
}

/** Tells on stderr which gates a model did not pass, where it did not pass all, and ends the command accordingly. */
export function tellGates(context: CliContext, output: Output, gates: readonly GateResult[]): void {
  const failed = gates.filter(({ passed }) => !passed).map(({ gate }) => gate);
  if (failed.length === 0) return;
  context.exit = exitStatus.gatesNotPassed;
  output.note(`The model did not pass its gates: ${failed.join(', ')}. The platform would not promote it.`);
}

/** The state folder: --home, else HAAT_HOME, else `.haat` in the checkout. */
export function homeOf(context: CliContext, options: CommonOptions): Home {
  return homeAt(options.home ?? (context.env.HAAT_HOME || join(checkout, '.haat')));
}

/** The base of the ports: what the command line says, else HAAT_PORT, else 4000. Throws USAGE. */
export function portBaseOf(context: CliContext, port: number | undefined): number {
  const { HAAT_PORT: text } = context.env;
  if (port !== undefined) return port;
  if (!text) return DEFAULT_PORT_BASE;
  const { least, most } = PORT_BASES;
  const base = /^\d+$/.test(text) ? Number(text) : NaN;
  if (base >= least && base <= most) return base;
  throw cliError('USAGE', `HAAT_PORT must be a whole number from ${least} to ${most}, and "${text}" came`);
}

/** How long a token is good that is made for one question, in seconds. */
const QUESTION_TOKEN_SECONDS = 300;

/**
 * The gateway: --url, else HAAT_URL, else that of the stack that runs, else the default port on this machine; asked with
 * HAAT_TOKEN, else, where it is that of the stack, with a token of that stack. No other gateway is shown that one.
 */
export function gatewayOf(context: CliContext, options: CommonOptions): GatewayClient {
  const home = homeOf(context, options);
  const running = readState(home)?.ports.gateway;
  const own = graphqlAt(running ?? portBaseOf(context, undefined));
  const named = options.url ?? context.env.HAAT_URL;
  const url = named ? checkedUrl(named) : own;
  const { HAAT_TOKEN: token } = context.env;
  if (token) return new GatewayClient(url, async () => token);
  return running !== undefined && url === own ? stackGateway(home, url) : new GatewayClient(url);
}

/** The gateway of the stack of a state folder, asked as its administrator. */
export function stackGateway(home: Home, url: string): GatewayClient {
  return new GatewayClient(url, () => developmentToken(home, QUESTION_TOKEN_SECONDS));
}

function graphqlAt(port: number): string {
  return `http://127.0.0.1:${port}/graphql`;
}

function checkedUrl(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) {
    const parsed = new URL(url);
    return parsed.pathname === '/' ? new URL('/graphql', parsed).href : url;
  }
  throw cliError('USAGE', `The gateway's address must be like http://127.0.0.1:4000/graphql, and "${url}" came`, {
    url,
  });
}
