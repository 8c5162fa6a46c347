import { errorsOf, type ErrorTable } from '@haat/kit';

/** What can go wrong at the edge of any app, before or after its domain is asked. */
export const edgeErrors = {
  /** The request's body is larger than the limit. */
  REQUEST_TOO_LARGE: 'caller',
  /** The request's body, headers or method are not those of a GraphQL request. */
  BAD_REQUEST: 'caller',
  /** No such address. */
  NOT_FOUND: 'caller',
  /** No credentials came, or they are not (or no longer) good. The message says what to send. */
  UNAUTHENTICATED: 'caller',
  /** Who asks lacks the role or the scope that the message names. */
  FORBIDDEN: 'caller',
  /** More requests than the limit of this key or subject; `Retry-After` says when to ask again. */
  RATE_LIMITED: 'retry',
  /** An argument is out of its range. */
  INVALID_ARGUMENT: 'caller',
  /** A cursor that no page of this list gave out. */
  INVALID_CURSOR: 'caller',
  /** A part of Haat that the request needs does not answer; what others know is answered. */
  SERVICE_UNAVAILABLE: 'retry',
  /** Our fault. The message holds a reference under which the cause is in the log. */
  INTERNAL: 'fault',
} as const satisfies ErrorTable;

export const edgeError = errorsOf(edgeErrors);
