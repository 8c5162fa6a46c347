import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { DEFAULT_PORT_BASE, homeAt, readState, type Home } from '@haat/dev-stack';

import { cliError } from './cli.errors.ts';
import type { ExitStatus } from './exit.status.ts';
import { GatewayClient } from './gateway/gateway.client.ts';
import { Output, type TextStream } from './output/output.ts';

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

/** The state folder: --home, else HAAT_HOME, else `.haat` in the checkout. */
export function homeOf(context: CliContext, options: CommonOptions): Home {
  return homeAt(options.home ?? (context.env.HAAT_HOME || join(checkout, '.haat')));
}

/** The base of the ports: what the command line says, else HAAT_PORT, else 4000. */
export function portBaseOf(context: CliContext, port: number | undefined): number {
  return port ?? (context.env.HAAT_PORT ? Number(context.env.HAAT_PORT) : DEFAULT_PORT_BASE);
}

/** The gateway: --url, else HAAT_URL, else that of the stack that runs, else the default port on this machine. */
export function gatewayOf(context: CliContext, options: CommonOptions): GatewayClient {
  const url = options.url ?? context.env.HAAT_URL;
  if (url !== undefined && url !== '') return new GatewayClient(checkedUrl(url));
  const port = readState(homeOf(context, options))?.ports.gateway ?? portBaseOf(context, undefined);
  return new GatewayClient(`http://127.0.0.1:${port}/graphql`);
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
