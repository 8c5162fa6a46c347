import { endProcess } from '../process.identity.ts';
import { answersOk, spawnService, untilReady, type ServiceSpec } from '../service.process.ts';
import { STOP_GRACE_MS } from '../stack.supervisor.ts';

export interface TemporalServerOptions {
  readonly binary: string;
  /** File that keeps histories over restarts. */
  readonly database: string;
  readonly port: number;
  /** Of the web UI. */
  readonly uiPort: number;
  readonly log: string;
}

export interface TemporalServer {
  /** `127.0.0.1:port`. */
  readonly address: string;
  readonly uiUrl: string;
  stop(): Promise<void>;
}

/** How to run the development server: on loopback, with its history in a file. */
export function temporalService({ binary, database, port, uiPort, log }: TemporalServerOptions): ServiceSpec {
  const ui = `http://127.0.0.1:${uiPort}`;
  // Through the UI's proxy: it answers as soon as the front end serves and the namespace is there.
  const health = `${ui}/api/v1/namespaces/default`;
  return {
    name: 'temporal',
    command: binary,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)],
      ...['--db-filename', database, '--log-format', 'json', '--log-level', 'warn'],
    ],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    log,
    health,
    ready: () => answersOk(health),
    readyWithinMs: 60_000,
    stopSignal: 'SIGTERM',
  };
}

/** Starts a development server and waits until it serves. `stop` ends it and all that it started. Errors: SERVICE_FAILED. */
export async function startTemporal(options: TemporalServerOptions): Promise<TemporalServer> {
  const spec = temporalService(options);
  const service = await spawnService(spec);
  const stop = () => endProcess(service.identity, spec.stopSignal, STOP_GRACE_MS);
  try {
    await untilReady(service);
  } catch (failure) {
    await stop();
    throw failure;
  }
  return { address: `127.0.0.1:${options.port}`, uiUrl: `http://127.0.0.1:${options.uiPort}`, stop };
}
