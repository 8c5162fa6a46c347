import { randomUUID } from 'node:crypto';
import { isDomainError, type ErrorDetails } from '@haat/kit';
import type { Logger } from './logger.ts';
import { edgeError } from './platform.errors.ts';

/** An error as a client sees it. */
export interface ErrorFace {
  readonly code: string;
  readonly message: string;
  /** Facts that a program may read, such as the field. */
  readonly details?: ErrorDetails;
  /** Present on INTERNAL: where to look in the log. */
  readonly reference?: string;
}

/**
 * The one mapping from what was thrown to what a client may see: expected failures of the caller or of the moment pass with
 * code and message; a server that does not answer becomes SERVICE_UNAVAILABLE without its address; anything else becomes INTERNAL
 * with a reference. What is not passed goes to the log with its cause.
 */
export function faceOf(thrown: unknown, logger: Logger): ErrorFace {
  if (isDomainError(thrown) && thrown.blame !== 'fault') {
    const details = Object.keys(thrown.details).length > 0 ? { details: thrown.details } : {};
    return { code: thrown.code, message: thrown.message, ...details };
  }
  if (doesNotAnswer(thrown)) {
    logger.warn({ err: thrown }, 'a server does not answer');
    return faceOf(edgeError('SERVICE_UNAVAILABLE', 'A part of Haat does not answer at the moment; ask again'), logger);
  }
  const reference = randomUUID();
  logger.error({ err: thrown, reference }, 'internal error');
  return {
    code: 'INTERNAL',
    message: `Something went wrong here, not in your request. Reference: ${reference}`,
    reference,
  };
}

/** A connection refused or lost, or a database that starts, stops or has no connection left (SQLSTATE 08, 53, 57P). */
function doesNotAnswer(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const { code, driverError, message } = thrown as Error & { code?: unknown; driverError?: { code?: unknown } };
  const cause = driverError?.code ?? code;
  if (typeof cause === 'string') return /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|08|53|57P)/.test(cause);
  return /^Connection terminated|timeout exceeded when trying to connect/.test(message);
}
