import { randomUUID } from 'node:crypto';
import { isDomainError, type ErrorDetails } from '@haat/kit';
import type { Logger } from './logger.ts';

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
 * code and message; anything else becomes INTERNAL with a reference and goes to the log with its cause.
 */
export function faceOf(thrown: unknown, logger: Logger): ErrorFace {
  if (isDomainError(thrown) && thrown.blame !== 'fault') {
    const details = Object.keys(thrown.details).length > 0 ? { details: thrown.details } : {};
    return { code: thrown.code, message: thrown.message, ...details };
  }
  const reference = randomUUID();
  logger.error({ err: thrown, reference }, 'internal error');
  return {
    code: 'INTERNAL',
    message: `Something went wrong here, not in your request. Reference: ${reference}`,
    reference,
  };
}
