import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { developmentToken, homeAt } from '@haat/dev-stack';

/** What `haat` runs once everything is built, which the setup has seen to. */
const haat = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));

/** The stack that runs while the scenarios do, and what its two starts said. */
export interface SharedStack {
  readonly folder: string;
  readonly home: string;
  readonly base: number;
  readonly products: number;
  readonly launcher: number;
  readonly first: { readonly status: number; readonly text: string; readonly portsLeft: readonly number[] };
  readonly second: { readonly text: string };
  /** File with the spans that the stack has told so far, a line of JSON each. */
  readonly spans: string;
}

export function sharedStack(): SharedStack {
  return JSON.parse(readFileSync(process.env['HAAT_E2E']!, 'utf8')) as SharedStack;
}

export interface Said {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line and returns what it said. `env` comes on top of ours; undefined takes a variable away. */
export function runHaat(
  args: readonly string[],
  { env = {}, input = '', cwd }: { env?: NodeJS.ProcessEnv; input?: string | Uint8Array; cwd?: string } = {},
): Promise<Said> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [haat, ...args], {
      cwd,
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      stdio: 'pipe',
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('close', (status) =>
      resolve({ status: status ?? -1, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
}

/** A command on the shared stack. */
export function onStack(args: readonly string[], input?: string): Promise<Said> {
  const { home, base } = sharedStack();
  return runHaat(args, { env: { HAAT_HOME: home, HAAT_PORT: String(base) }, input });
}

/** A command where nothing runs: no state folder, no gateway, no database. */
export function offline(
  args: readonly string[],
  options: { input?: string | Uint8Array; cwd?: string } = {},
): Promise<Said> {
  const env = { HAAT_HOME: '/nonexistent/haat', HAAT_URL: 'http://127.0.0.1:1/graphql', DATABASE_URL: undefined };
  return runHaat(args, { ...options, env });
}

export interface GraphqlAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: { readonly code?: string; readonly details?: Readonly<Record<string, unknown>> };
  }[];
}

/** Headers with which the gateway of the shared stack is asked as its administrator. */
export async function administratorHeaders(): Promise<Record<string, string>> {
  const token = await developmentToken(homeAt(sharedStack().home), 300);
  return { 'content-type': 'application/json', authorization: `Bearer ${token}` };
}

/** Asks the gateway of the shared stack, as its administrator or with other headers. */
export async function ask<Data>(
  query: string,
  variables: object = {},
  headers?: Readonly<Record<string, string>>,
): Promise<GraphqlAnswer<Data>> {
  const response = await fetch(`http://127.0.0.1:${sharedStack().base}/graphql`, {
    method: 'POST',
    headers: headers === undefined ? await administratorHeaders() : { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as GraphqlAnswer<Data>;
}
