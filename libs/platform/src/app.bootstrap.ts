import 'reflect-metadata';
import type { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { z } from 'zod';
import { ConfigError, readConfig, type serverVariables } from './config.ts';
import { Drain } from './drain.ts';
import { Health } from './health.ts';
import { addEdge, HttpErrorFilter } from './http.edge.ts';
import { createLogger, nestLogger, type Logger } from './logger.ts';
import { Metrics } from './metrics.ts';
import { PlatformModule } from './platform.module.ts';
import { exportTraces } from './tracing/trace.export.ts';

/** A schema that holds at least the server's variables: `z.object({ ...serverVariables, … })`. */
export type AppConfigSchema = z.ZodObject<typeof serverVariables & z.ZodRawShape>;

export interface AppOptions<S extends AppConfigSchema> {
  readonly name: string;
  readonly config: S;
  /** The app's root module; it may inject `Health`, `Metrics` and `LOGGER`. */
  readonly module: (config: z.output<S>) => Type | DynamicModule;
}

export interface RunningApp {
  readonly app: NestFastifyApplication;
  /** `http://host:port`, with the port that was taken. */
  readonly url: string;
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  /** Answers what is in flight, then closes everything. Calling it again waits for the same end. */
  close(): Promise<void>;
}

@Module({})
class Root {}

/**
 * Boots one app: logger, metrics, health, error mapping, its module, and the server on HOST:PORT.
 * @throws ConfigError; whatever the module's providers throw while they start.
 */
export async function startApp<S extends AppConfigSchema>(
  options: AppOptions<S>,
  env: NodeJS.ProcessEnv,
  logger?: Logger,
): Promise<RunningApp> {
  const config = readConfig(options.config, env);
  const server = config as z.output<z.ZodObject<typeof serverVariables>>;
  const log = logger ?? createLogger(options.name, server.LOG_LEVEL);
  const metrics = new Metrics(options.name, server.CODE_REVISION);
  const health = new Health(2_000, (name, err) => log.warn({ err, check: name }, 'health check failed'));
  const traces = server.OTEL_EXPORTER_OTLP_ENDPOINT
    ? exportTraces(options.name, server.OTEL_EXPORTER_OTLP_ENDPOINT)
    : null;
  const adapter = new FastifyAdapter({
    bodyLimit: server.BODY_LIMIT_BYTES,
    logger: false,
    requestTimeout: server.RECEIVE_TIMEOUT_MS,
    connectionTimeout: server.STALL_TIMEOUT_MS,
    http: {
      headersTimeout: server.RECEIVE_TIMEOUT_MS,
      connectionsCheckingInterval: Math.min(5_000, server.RECEIVE_TIMEOUT_MS),
    },
  });
  const root: DynamicModule = {
    module: Root,
    imports: [PlatformModule.with(log, health, metrics, traces), options.module(config)],
  };
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger: nestLogger(log),
    abortOnError: false,
  });
  app.useGlobalFilters(new HttpErrorFilter(log, metrics));
  addEdge(adapter.getInstance(), log, health, metrics);
  const drain = new Drain(app.getHttpServer() as Server);
  try {
    await app.listen(server.PORT, server.HOST);
  } catch (reason) {
    await app.close();
    await traces?.close();
    throw reason;
  }
  const url = await app.getUrl();
  log.info({ url }, 'listening');

  let closing: Promise<void> | undefined;
  const close = async () => {
    health.drain();
    log.info({ inFlight: drain.inFlight }, 'draining');
    const dropped = await drain.drain(server.DRAIN_SECONDS * 1_000);
    if (dropped > 0) log.warn({ dropped, seconds: server.DRAIN_SECONDS }, 'requests without an answer');
    await app.close();
    await traces?.close();
    log.info('closed');
  };
  return { app, url, logger: log, health, metrics, close: () => (closing ??= close()) };
}

/** Exit status of a process whose configuration is wrong (`EX_CONFIG` of sysexits.h). */
export const exitConfig = 78;

/**
 * `main` of an app: starts it and ends the process by its outcome. SIGTERM and SIGINT drain and close (exit 0), a second
 * one ends at once (1); a wrong environment lists what to set (78); a failed start says why (1).
 */
export async function bootstrap<S extends AppConfigSchema>(
  options: AppOptions<S>,
  host: Pick<EventEmitter, 'on'> & { readonly env: NodeJS.ProcessEnv; exit(status: number): void } = process,
): Promise<void> {
  let running: RunningApp;
  try {
    running = await startApp(options, host.env);
  } catch (reason) {
    process.stderr.write(`${options.name}: ${startFailure(reason)}\n`);
    host.exit(reason instanceof ConfigError ? exitConfig : 1);
    return;
  }
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return host.exit(1);
    stopping = true;
    running.logger.info({ signal }, 'stopping');
    running.close().then(
      () => host.exit(0),
      (err: unknown) => {
        running.logger.fatal({ err }, 'could not close');
        host.exit(1);
      },
    );
  };
  host.on('SIGTERM', () => stop('SIGTERM'));
  host.on('SIGINT', () => stop('SIGINT'));
  host.on('unhandledRejection', (err: unknown) => {
    running.logger.fatal({ err }, 'unhandled rejection');
    host.exit(1);
  });
}

function startFailure(reason: unknown): string {
  if (reason instanceof ConfigError) return reason.message;
  const { code, address, port } = reason as { code?: string; address?: string; port?: number };
  if (code === 'EADDRINUSE') return `${address}:${port} is taken by another process: stop it or set PORT to another.`;
  if (code === 'EACCES' && port !== undefined)
    return `${address}:${port} may not be listened on: set PORT to one above 1023.`;
  return reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
}
