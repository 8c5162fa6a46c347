import { errorsOf, type ErrorTable } from '@haat/kit';

/** What can go wrong between Haat and its data, and who has to act. Printed to `docs/errors.md`. */
export const dataAccessErrors = {
  /** Nothing answers at the database's address. */
  DATABASE_UNREACHABLE: 'retry',
  /** The database does not let this role in (wrong password, no such role or database). */
  DATABASE_REFUSED: 'caller',
  /** The embedded server's programs are not installed for this operating system and processor. */
  POSTGRES_BINARY_MISSING: 'caller',
  /** The user that the embedded server runs as may not enter a folder that it needs, and no other folder works. */
  POSTGRES_FOLDER_CLOSED: 'caller',
  /** The embedded server cannot run as root, and there is no other user for it. */
  POSTGRES_USER_MISSING: 'caller',
  /** Another server already works on the same data directory. */
  POSTGRES_ALREADY_RUNNING: 'caller',
  /** The embedded server's port is taken by another program. */
  POSTGRES_PORT_TAKEN: 'caller',
  /** The data directory was made by another major version, or holds something else. */
  POSTGRES_DATA_UNUSABLE: 'caller',
  /** The embedded server could not be set up or ended before it served. */
  POSTGRES_FAILED: 'fault',
  /** No model of this name is registered. */
  UNKNOWN_MODEL: 'caller',
  /** The model has no such version. */
  UNKNOWN_MODEL_VERSION: 'caller',
  /** A version whose gates failed cannot be promoted. */
  GATES_NOT_PASSED: 'caller',
  /** No run of this id is known. */
  UNKNOWN_RUN: 'caller',
  /** The run has opened no backfill: it is none, or it has not come so far. */
  UNKNOWN_BACKFILL: 'caller',
  /** The content store holds nothing under this digest. */
  CONTENT_MISSING: 'caller',
  /** The bytes that the content store holds under a digest have another digest. */
  CONTENT_DAMAGED: 'fault',
  /** The content store cannot be made, read or written. */
  CONTENT_STORE_UNUSABLE: 'caller',
  /** A file or folder that was named does not exist or cannot be read. */
  FILE_MISSING: 'caller',
  /** A file holds no row, or nothing at all. */
  FILE_EMPTY: 'caller',
  /** A file is not what the ending of its name says. */
  FILE_FORMAT: 'caller',
  /** A text file is not UTF-8. */
  FILE_ENCODING: 'caller',
  /** A file's header lacks a column, or names one twice. */
  FILE_HEADER: 'caller',
  /** A column mapping names an unknown table, column or unit. */
  INVALID_MAPPING: 'caller',
  /** Another import writes the same table. */
  IMPORT_RUNNING: 'retry',
} as const satisfies ErrorTable;

export const dataAccessError = errorsOf(dataAccessErrors);
