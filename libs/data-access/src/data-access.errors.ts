import { errorsOf, type ErrorTable } from '@haat/kit';

/** What can go wrong between Haat and its data, and who has to act. Printed to `docs/errors.md`. */
export const dataAccessErrors = {
  /** Nothing answers at the database's address. */
  DATABASE_UNREACHABLE: 'retry',
  /** The database does not let this role in (wrong password, no such role or database). */
  DATABASE_REFUSED: 'caller',
  /** DATABASE_URL asks for TLS, and the server has none, or a certificate that is not to be trusted. */
  DATABASE_TLS_REFUSED: 'caller',
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
  /** No prediction of this id is kept, or not for this role. */
  UNKNOWN_PREDICTION: 'caller',
  /** The version is archived: take it back first. */
  VERSION_ARCHIVED: 'caller',
  /** A version that holds an alias cannot be archived. */
  VERSION_HOLDS_ALIAS: 'caller',
  /** A version cannot be archived while its promotion waits for an approval. */
  VERSION_AWAITS_APPROVAL: 'caller',
  /** What an archived version needs has been collected as garbage: it cannot be taken back. */
  CONTENT_COLLECTED: 'caller',
  /** The champion is another one than the caller believed: somebody else was there first. */
  CHAMPION_CHANGED: 'caller',
  /** There is no earlier champion to roll back to. */
  NO_FORMER_CHAMPION: 'caller',
  /** The version that a rollback names was never the champion. */
  NOT_A_FORMER_CHAMPION: 'caller',
  /** The run does not wait for an approval. */
  NOT_AWAITING_APPROVAL: 'caller',
  /** The promotion was decided otherwise before. */
  ALREADY_DECIDED: 'caller',
  /** No run of this id is known. */
  UNKNOWN_RUN: 'caller',
  /** A step stored something for a run that has ended meanwhile. */
  RUN_KEEPS_NOTHING: 'caller',
  /** Our clock and the database's are days apart, so that nothing can be recorded at a time that both believe. */
  CLOCK_ASTRAY: 'retry',
  /** No API key of this id is known. */
  UNKNOWN_KEY: 'caller',
  /** The run has opened no backfill: it is none, or it has not come so far. */
  UNKNOWN_BACKFILL: 'caller',
  /** The content store holds nothing under this digest. */
  CONTENT_MISSING: 'caller',
  /** The bytes that the content store holds under a digest have another digest. */
  CONTENT_DAMAGED: 'fault',
  /** The content store cannot be made, read or written. */
  CONTENT_STORE_UNUSABLE: 'caller',
  /** The content store does not let us in: wrong credentials, too few rights, or no such bucket. */
  CONTENT_STORE_REFUSED: 'caller',
  /** The content store does not answer, or breaks off. */
  CONTENT_STORE_UNREACHABLE: 'retry',
  /** A file or folder that was named does not exist or cannot be read. */
  FILE_MISSING: 'caller',
  /** A file holds no row, or nothing at all. */
  FILE_EMPTY: 'caller',
  /** A file of a day has another name than a table with the ending of a format. */
  UNKNOWN_DAY_FILE: 'caller',
  /** Two files of a day are of the same table. */
  REPEATED_DAY_FILE: 'caller',
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
