import { errorsOf, type ErrorTable } from '@haat/kit';

/** What the gateway refuses before any subgraph is asked. Each message says the limit and what came. Printed to `docs/errors.md`. */
export const gatewayErrors = {
  /** The query's text is longer than QUERY_LENGTH_LIMIT characters. */
  QUERY_TOO_LONG: 'caller',
  /** The query's text has more tokens than TOKEN_LIMIT. */
  TOO_MANY_TOKENS: 'caller',
  /** Fields lie deeper in one another than DEPTH_LIMIT. */
  QUERY_TOO_DEEP: 'caller',
  /** More fields are renamed than ALIAS_LIMIT, those of fragments counted as often as they are spread. */
  TOO_MANY_ALIASES: 'caller',
  /** More fields are asked at the root than ROOT_FIELD_LIMIT. */
  TOO_MANY_ROOT_FIELDS: 'caller',
  /** The query may answer more objects than COST_LIMIT; ask for shorter lists (`first`, `points`). */
  QUERY_TOO_COSTLY: 'caller',
  /** Values of variables lie deeper in one another than DEPTH_LIMIT. */
  VARIABLES_TOO_DEEP: 'caller',
  /** One request holds more operations than BATCH_LIMIT. */
  BATCH_TOO_LARGE: 'caller',
  /** The gateway follows as many subscriptions as SUBSCRIPTION_LIMIT allows; ask again, or poll. */
  TOO_MANY_SUBSCRIPTIONS: 'retry',
  /** The request took longer than REQUEST_TIMEOUT_MS; what it still asked of subgraphs was cancelled. */
  REQUEST_TIMED_OUT: 'retry',
  /** A part of Haat answered what its schema does not allow; null stands in its place. While versions change this passes; else the log says more. */
  ANSWER_OF_WRONG_TYPE: 'retry',
} as const satisfies ErrorTable;

export const gatewayError = errorsOf(gatewayErrors);

/** Code of the error in the place of a value that is none of its type. */
export const wrongType = 'ANSWER_OF_WRONG_TYPE' satisfies keyof typeof gatewayErrors;
