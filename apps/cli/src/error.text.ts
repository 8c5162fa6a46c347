import { isDomainError } from '@haat/kit';

/** A failure as the command line shows it. */
export interface FailureFace {
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What to do about failures of the system below, which do not say it themselves. */
const systemAdvice: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: make room, or name a folder on another disk.',
  EACCES: 'This user may not: change the permissions, or name another folder.',
  EPERM: 'This user may not: change the permissions, or name another folder.',
  ENOENT: 'There is no such file or folder: check the path.',
  EISDIR: 'That is a folder: name a file.',
  ENOTDIR: 'A part of that path is not a folder: check it.',
  EROFS: 'The file system is read-only: name a folder elsewhere.',
  EMFILE: 'Too many open files: raise the limit (ulimit -n).',
};

/**
 * The face of whatever a command threw: an expected failure with its code, a failure of the file system with what to do,
 * anything else as INTERNAL.
 */
export function failureFace(thrown: unknown): FailureFace {
  if (isDomainError(thrown)) {
    return {
      code: thrown.code,
      message: thrown.message,
      ...(Object.keys(thrown.details).length > 0 && { details: thrown.details }),
    };
  }
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (code !== undefined && code in systemAdvice) return { code, message: `${message}. ${systemAdvice[code]}` };
  const text = thrown instanceof Error ? message : String(thrown);
  return { code: 'INTERNAL', message: `${text} (unexpected; HAAT_DEBUG=1 shows where)` };
}

/** One clear text: code and message; with `debug` also the stack and its causes. */
export function failureText(thrown: unknown, debug: boolean): string {
  const { code, message } = failureFace(thrown);
  const stack = debug && thrown instanceof Error ? `\n${stackOf(thrown)}` : '';
  return `error ${code}: ${message}${stack}`;
}

function stackOf(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by: ${stackOf(error.cause)}` : own;
}
