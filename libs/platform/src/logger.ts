import { inspect } from 'node:util';
import { isNativeError } from 'node:util/types';
import type { LoggerService } from '@nestjs/common';
import { pino, stdSerializers, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import { currentLogContext } from './log.context.ts';
import { traceFields } from './tracing/tracing.ts';

export type { Logger };

/**
 * JSON lines on standard output: level as a word, time in ISO 8601, the app's name, and the ids of the request, workflow,
 * run and trace at hand. An error has its message, code, stack and causes under whatever name it comes. Passwords in URLs are the caller's to leave out; fields named like secrets are replaced.
 */
export function createLogger(app: string, level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { app },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: withErrors },
      mixin: () => ({ ...currentLogContext(), ...traceFields() }),
      redact: ['password', 'authorization', 'headers.authorization', 'headers.cookie', 'DATABASE_URL'],
    },
    destination ?? pino.destination({ sync: true }),
  );
}

/** JSON knows nothing of an error, which may also be of another realm: Temporal runs workflows in one of their own. */
function withErrors(fields: Record<string, unknown>): Record<string, unknown> {
  const written = (value: unknown) => (isNativeError(value) ? stdSerializers.err(value) : value);
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, written(value)]));
}

/** Nest's own messages through the same logger: start-up chatter at `debug`, warnings and errors as they are. */
export function nestLogger(logger: Logger): LoggerService {
  const write =
    (level: 'debug' | 'trace' | 'warn' | 'error' | 'fatal') =>
    (message: unknown, ...rest: unknown[]) => {
      const context = rest.at(-1);
      const before = rest.slice(0, -1);
      const fields = {
        ...(typeof context === 'string' && { context }),
        ...(before.length > 0 && {
          details: before.map((one) => (isNativeError(one) ? stdSerializers.err(one) : one)),
        }),
      };
      if (isNativeError(message)) logger[level]({ ...fields, err: message }, message.message);
      else logger[level](fields, typeof message === 'string' ? message : inspect(message));
    };
  return {
    log: write('debug'),
    verbose: write('trace'),
    debug: write('trace'),
    warn: write('warn'),
    error: write('error'),
    fatal: write('fatal'),
  };
}
