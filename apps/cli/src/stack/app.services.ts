import { domains, subgraphUrlVariable, taskUrlVariable, type Domain } from '@haat/kit';
import { join } from 'node:path';

import {
  answersOk,
  DEVELOPMENT_AUDIENCE,
  DEVELOPMENT_ISSUER,
  type Home,
  type ServiceSpec,
  type StackPorts,
} from '@haat/dev-stack';

import { checkout } from '../cli.context.ts';
import { artifactsUrl } from './stack.artifacts.ts';
import type { DatabaseUrls } from './stack.database.ts';

export const appNames = ['platform', ...domains, 'worker', 'gateway'] as const;
export type AppName = (typeof appNames)[number];

/** How long an app may take to serve, in milliseconds: generous, since a busy machine is no failure. */
const READY_WITHIN_MS = 60_000;

/** Requests a minute of one subject: on one machine everybody is the same one, and measures by thousands a second. */
const DEVELOPMENT_RATE = '1000000';

/** What the apps need to know of the services below them. */
export interface StackConnections {
  /** PostgreSQL as each app's own role. */
  readonly databases: DatabaseUrls;
  /** host:port of the Temporal server. */
  readonly temporal: string;
  /** What the apps believe one another by, and what the gateway reads the stack's own tokens with. */
  readonly tokens: { readonly internalSecret: string; readonly publicJwk: string };
  /** What GraphiQL opens with. */
  readonly graphiqlToken: string | null;
}

/** The page that answers with status 200 while the app can do its work. */
export function healthOf(name: AppName, ports: StackPorts): string {
  return `${addressOf(name, ports)}/health/ready`;
}

function addressOf(name: AppName, ports: StackPorts): string {
  return `http://127.0.0.1:${ports[name]}`;
}

function isDomain(name: AppName): name is Domain {
  return (domains as readonly string[]).includes(name);
}

/**
 * The process of one app, from `dist`, on loopback. A domain counts as started when it lives: it is ready to answer only when its
 * model is promoted, which may be long after.
 */
export function appService(
  name: AppName,
  home: Home,
  ports: StackPorts,
  connections: StackConnections,
  env: NodeJS.ProcessEnv,
): ServiceSpec {
  const health = healthOf(name, ports);
  return {
    name,
    command: process.execPath,
    args: ['--enable-source-maps', join(checkout, 'apps', name, 'dist', 'main.js')],
    env: { ...env, ...commonEnv(name, ports), ...appEnv(name, home, ports, connections, env) },
    cwd: checkout,
    log: join(home.logs, `${name}.log`),
    health,
    ready: () => answersOk(isDomain(name) ? `${addressOf(name, ports)}/health/live` : health),
    readyWithinMs: READY_WITHIN_MS,
    stopSignal: 'SIGTERM',
  };
}

function commonEnv(name: AppName, ports: StackPorts): NodeJS.ProcessEnv {
  return {
    HOST: '127.0.0.1',
    PORT: String(ports[name]),
    HAAT_ENV: 'development',
    NODE_ENV: 'production',
    DRAIN_SECONDS: '5',
  };
}

function appEnv(
  name: AppName,
  home: Home,
  ports: StackPorts,
  { databases, temporal, tokens, graphiqlToken }: StackConnections,
  env: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const internal = { INTERNAL_TOKEN_SECRET: tokens.internalSecret };
  const artifacts = { ARTIFACTS_URL: artifactsUrl(home, env) };
  const workflows = { TEMPORAL_ADDRESS: temporal };
  switch (name) {
    case 'platform':
      return { DATABASE_URL: databases.platform, ...internal, ...artifacts, ...workflows };
    case 'worker':
      return {
        ...Object.fromEntries(domains.map((domain) => [taskUrlVariable(domain), databases.tasks[domain]])),
        ...artifacts,
        ...workflows,
      };
    case 'gateway':
      return {
        ...Object.fromEntries(
          (['platform', ...domains] as const).map((each) => [subgraphUrlVariable(each), addressOf(each, ports)]),
        ),
        ...internal,
        JWT_ISSUER: DEVELOPMENT_ISSUER,
        JWT_AUDIENCE: DEVELOPMENT_AUDIENCE,
        JWT_PUBLIC_JWK: tokens.publicJwk,
        JWT_JWKS_URL: '',
        GRAPHIQL_TOKEN: graphiqlToken ?? '',
        RATE_LIMIT_PER_MINUTE: env.RATE_LIMIT_PER_MINUTE || DEVELOPMENT_RATE,
      };
    default:
      return { DATABASE_URL: databases.apps[name], ...internal, ...artifacts };
  }
}
