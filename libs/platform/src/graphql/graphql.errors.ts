import type { ErrorTable } from '@haat/kit';

/** Codes with which GraphQL itself refuses a request, before any resolver is asked; their messages speak of the request alone. */
export const graphqlErrors = {
  /** The text is not GraphQL. */
  GRAPHQL_PARSE_FAILED: 'caller',
  /** The operation does not fit the schema: an unknown field or argument, or a literal of another type. */
  GRAPHQL_VALIDATION_FAILED: 'caller',
  /** A variable is missing or of another type than the operation says. */
  BAD_USER_INPUT: 'caller',
  /** The text holds several operations and the request names none of them, or one that is not there. */
  OPERATION_RESOLUTION_FAILURE: 'caller',
  /** Only a digest of the operation came, and no operation is kept under it: send its text. */
  PERSISTED_QUERY_NOT_FOUND: 'caller',
  /** Only a digest of the operation came, and operations are not kept here: send its text. */
  PERSISTED_QUERY_NOT_SUPPORTED: 'caller',
} as const satisfies ErrorTable;
