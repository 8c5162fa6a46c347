import type { LoggerService } from '@nestjs/common';
import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import { currentLogContext } from './log.context.ts';
import { traceFields } from './tracing/tracing.ts';

export type { Logger };

/**
 * JSON lines on standard output: level as a word, time in ISO 8601, the app's name, and the ids of the request, workflow,
 * run and trace at hand. Passwords in URLs are the caller's to leave out; fields named like secrets are replaced.
 */
export function createLogger(app: string, level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { app },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => ({ ...currentLogContext(), ...traceFields() }),
      redact: ['password', 'authorization', 'headers.authorization', 'headers.cookie', 'DATABASE_URL'],
    },
    destination ?? pino.destination({ sync: true }),
  );
}

/** Nest's own messages through the same logger: start-up chatter at `debug`, warnings and errors as they are. */
export function nestLogger(logger: Logger): LoggerService {
  const write =
    (level: 'debug' | 'trace' | 'warn' | 'error' | 'fatal') =>
    (message: unknown, ...rest: unknown[]) => {
      const context = rest.at(-1);
      const fields = typeof context === 'string' ? { context } : {};
      if (message instanceof Error) logger[level]({ ...fields, err: message }, message.message);
      else logger[level](fields, String(message));
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
