import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Domain } from '@haat/kit';
import { gatewayHeaders } from '@haat/platform/testing';

export type AppName = 'platform' | Domain | 'worker' | 'gateway';

/** One app as a deployment starts it: `node apps/<app>/dist/main.js` with its environment. */
export interface AppProcess {
  readonly name: AppName;
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  /** Every line that it logged, parsed. */
  readonly lines: readonly { readonly msg?: string; readonly url?: string }[];
  /** Asks the app's endpoint as a gateway of tests would. */
  ask<Data>(query: string, variables?: object): Promise<Data>;
  /** What `/health/ready` says: false where nothing of its model is promoted. */
  isReady(): Promise<boolean>;
  /** Waits until it is. */
  ready(): Promise<void>;
  /** Ends it and answers its exit status. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts an app and waits until it listens. */
export async function startApp(name: AppName, env: Readonly<Record<string, string>>): Promise<AppProcess> {
  const main = fileURLToPath(new URL(`../../apps/${name}/dist/main.js`, import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      HOST: '127.0.0.1',
      PORT: '0',
      DRAIN_SECONDS: '10',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  const lines: AppProcess['lines'][number][] = [];
  const url = await new Promise<string>((resolve, reject) => {
    void exited.then(([status]) => reject(new Error(`${name} ended with ${status}: ${complaint}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = JSON.parse(line) as AppProcess['lines'][number];
      lines.push(entry);
      if (entry.msg === 'listening') resolve(entry.url!);
    });
  });
  return {
    name,
    pid: child.pid!,
    port: Number(new URL(url).port),
    url,
    lines,
    ask: async (query, variables) =>
      askAt({ url: `${url}/graphql`, headers: await gatewayHeaders(name) }, query, variables),
    isReady: () => isReady(url),
    async ready() {
      while (!(await isReady(url))) await sleep(50);
    },
    async end(signal) {
      child.kill(signal);
      return (await exited)[0];
    },
  };
}

/** Where to ask, and with which credentials. */
export interface Endpoint {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Asks a GraphQL endpoint; an answer with errors is a failure. */
export async function askAt<Data>({ url, headers }: Endpoint, query: string, variables: object = {}): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  if (errors !== undefined) throw new Error(`${response.status} ${JSON.stringify(errors)}`);
  return data;
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/health/ready`).catch(() => null);
  await response?.body?.cancel();
  return response?.ok ?? false;
}
