import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { roleUrl } from '@haat/data-access';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@haat/data-access/embedded';
import {
  DEVELOPMENT_AUDIENCE,
  DEVELOPMENT_ISSUER,
  developmentPublicJwk,
  developmentToken,
  findTemporal,
  freePort,
  homeAt,
  startTemporal,
} from '@haat/dev-stack';
import {
  startFaultProxy,
  startScratchObjectStore,
  type FaultProxy,
  type ScratchObjectStore,
} from '@haat/dev-stack/testing';

import { internalTokenSecret } from '@haat/platform/testing';

import { domains, ofDomains, subgraphUrlVariable, taskUrlVariable } from '@haat/kit';
import { startApp, type AppName, type AppProcess, type Endpoint } from './app.process.ts';
import { startBalancer } from './balancer.ts';
import { runHaat } from './shared.stack.ts';

/** Longer than any scenario lasts. */
const TOKEN_SECONDS = 86_400;

/** One platform in several processes, over servers that Haat did not start. */
export interface ReplicatedPlatform {
  readonly objects: ScratchObjectStore;
  /** What stands between the apps and PostgreSQL, and between them and the object store. */
  readonly wires: { readonly postgres: FaultProxy; readonly objects: FaultProxy };
  /** The public endpoint: the load balancer before the gateways. */
  readonly endpoint: Endpoint;
  /** The processes of each app that run now. */
  readonly replicas: Readonly<Record<AppName, readonly AppProcess[]>>;
  /** Ends one replica, by SIGTERM or otherwise, starts it again on its port, and waits until it is as ready as before. Answers its exit status. */
  restart(app: AppProcess, signal?: NodeJS.Signals): Promise<number | null>;
  /** Ends one replica by SIGKILL, for good. */
  kill(app: AppProcess): Promise<void>;
  /** Stops a server in good order and starts it again where it was. */
  restartPostgres(): Promise<void>;
  restartTemporal(): Promise<void>;
  /** Ends PostgreSQL by SIGKILL, in the middle of whatever it does, and starts it again where it was. */
  killPostgres(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * PostgreSQL by DATABASE_URL, Temporal by TEMPORAL_ADDRESS, an S3-compatible store by ARTIFACTS_URL; two of each app, those that are
 * asked behind a balancer each; a world of `products` imported by the command line.
 */
export async function startReplicatedPlatform(products: number): Promise<ReplicatedPlatform> {
  const folder = mkdtempSync(join(tmpdir(), 'haat-replicated-'));
  chmodSync(folder, 0o755);
  const undo: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const step of undo.toReversed()) await step();
  };
  try {
    const directory = join(folder, 'their-postgres');
    const [postgresPort, temporalPort, uiPort] = [await freePort(), await freePort(), await freePort()];
    const startPostgres = () =>
      startEmbeddedPostgres({ directory, port: postgresPort, password: 'theirs', log: () => undefined });
    let postgres = await startPostgres();
    undo.push(
      () => removeEmbeddedPostgres(directory),
      () => postgres.stop(),
    );
    const objects = await startScratchObjectStore();
    undo.push(() => objects.stop());
    const { path: binary } = await findTemporal();
    const database = join(folder, 'temporal.db');
    const log = join(folder, 'temporal.log');
    const runTemporal = () => startTemporal({ binary, database, port: temporalPort, uiPort, log });
    let temporal = await runTemporal();
    undo.push(() => temporal.stop());
    const wires = { postgres: await startFaultProxy(postgresPort), objects: await startFaultProxy(objects.port) };
    undo.push(() => Promise.all(Object.values(wires).map((wire) => wire.stop())));

    const urls = await prepare(
      join(folder, 'home'),
      join(folder, 'world'),
      postgres.url,
      products,
      wires.postgres.port,
    );
    const internal = { INTERNAL_TOKEN_SECRET: internalTokenSecret };
    const shared = {
      ...internal,
      TEMPORAL_ADDRESS: temporal.address,
      ARTIFACTS_URL: objects.url({ timeoutMs: '2000' }, wires.objects.port),
      ...objects.env,
    };
    const impatient = { DATABASE_SILENCE_MS: '2000' };
    const environments: Partial<Record<AppName, Readonly<Record<string, string>>>> = {};
    const replicas: Record<AppName, AppProcess[]> = { platform: [], ...ofDomains(() => []), worker: [], gateway: [] };
    undo.push(() =>
      Promise.all(
        Object.values(replicas)
          .flat()
          .map((app) => app.end('SIGTERM')),
      ),
    );
    const startTwo = async (name: AppName, env: Readonly<Record<string, string>>) => {
      environments[name] = env;
      for (const _each of [1, 2]) replicas[name].push(await startApp(name, env));
    };
    /** Starts two behind a balancer, and answers its address. */
    const startBalanced = async (name: AppName, env: Readonly<Record<string, string>>) => {
      await startTwo(name, env);
      const balancer = await startBalancer(replicas[name].map(({ port }) => port));
      undo.push(() => balancer.stop());
      return `http://127.0.0.1:${balancer.port}`;
    };

    const platformUrl = await startBalanced('platform', { ...shared, DATABASE_URL: urls.platform, ...impatient });
    const domainUrls: Record<string, string> = {};
    const taskUrls: Record<string, string> = {};
    for (const domain of domains) {
      const env = { ...shared, DATABASE_URL: urls.apps[domain], ...impatient };
      domainUrls[subgraphUrlVariable(domain)] = await startBalanced(domain, env);
      taskUrls[taskUrlVariable(domain)] = urls.tasks[domain];
    }
    await startTwo('worker', { ...shared, ...taskUrls });
    const home = homeAt(join(folder, 'home'));
    const publicUrl = await startBalanced('gateway', {
      ...internal,
      PLATFORM_URL: platformUrl,
      ...domainUrls,
      JWT_ISSUER: DEVELOPMENT_ISSUER,
      JWT_AUDIENCE: DEVELOPMENT_AUDIENCE,
      JWT_PUBLIC_JWK: await developmentPublicJwk(home),
      RATE_LIMIT_PER_MINUTE: '1000000',
    });
    return {
      objects,
      wires,
      endpoint: {
        url: `${publicUrl}/graphql`,
        headers: { authorization: `Bearer ${await developmentToken(home, TOKEN_SECONDS)}` },
      },
      replicas,
      async restart(app, signal = 'SIGTERM') {
        const wasReady = await app.isReady();
        const status = await app.end(signal);
        const again = await startApp(app.name, { ...environments[app.name], PORT: String(app.port) });
        replicas[app.name][replicas[app.name].indexOf(app)] = again;
        if (wasReady) await again.ready();
        return status;
      },
      async kill(app) {
        await app.end('SIGKILL');
        replicas[app.name].splice(replicas[app.name].indexOf(app), 1);
      },
      async restartPostgres() {
        await postgres.stop();
        postgres = await startPostgres();
      },
      async restartTemporal() {
        await temporal.stop();
        temporal = await runTemporal();
      },
      async killPostgres() {
        process.kill(postgres.pid, 'SIGKILL');
        await postgres.stop();
        postgres = await startPostgres();
      },
      stop,
    };
  } catch (failure) {
    await stop();
    throw failure;
  }
}

/** Migrates and fills the database by the command line; answers each role's address. */
async function prepare(home: string, world: string, adminUrl: string, products: number, port: number) {
  const run = async (args: readonly string[], databaseUrl = adminUrl) => {
    const said = await runHaat(args, { env: { HAAT_HOME: home, DATABASE_URL: databaseUrl } });
    if (said.status !== 0) throw new Error(`haat ${args.join(' ')} ended with ${said.status}: ${said.stderr}`);
  };
  await run(['migrate']);
  const secrets = JSON.parse(readFileSync(join(home, 'secrets.json'), 'utf8')) as Record<string, string>;
  const throughWire = new URL(adminUrl);
  throughWire.port = String(port);
  const url = (role: string) => roleUrl(throughWire.href, role, secrets[role]!);
  const tasks = ofDomains((domain) => url(`haat_${domain}_task`));
  await run(['simulate', 'packaging', '--out', world, '--count', String(products), '--seed', '5']);
  await run(['import', 'packaging', world], tasks.packaging);
  return { platform: url('haat_platform'), apps: ofDomains((domain) => url(`haat_${domain}`)), tasks };
}
