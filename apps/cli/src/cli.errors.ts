import { errorsOf, type ErrorTable } from '@haat/kit';

/** What can go wrong between a command line and Haat. Printed to `docs/errors.md`. */
export const cliErrors = {
  /** The command line does not say what to do, or says two things at once. */
  USAGE: 'caller',
  /** A file that the command line names cannot be read or written. */
  FILE_UNUSABLE: 'caller',
  /** A file that would be written is there already, and nobody said that it may be written over. */
  FILE_EXISTS: 'caller',
  /** A file that would be written is one that the command reads. */
  OUTPUT_IS_INPUT: 'caller',
  /** A line of input is no JSON. */
  INVALID_JSON_LINE: 'caller',
  /** Nothing answers at the gateway's address. */
  GATEWAY_UNREACHABLE: 'retry',
  /** Something answers at the gateway's address, and it is not Haat's gateway. */
  NOT_A_GATEWAY: 'caller',
  /** A folder whose state is to be removed has nothing that says that Haat keeps state in it. */
  NOT_A_STATE_FOLDER: 'caller',
  /** The package types of a folder of files are not those of the model, in its order. */
  CATALOGUE_MISMATCH: 'caller',
  /** There is no stack and no DATABASE_URL to read or write. */
  NO_DATABASE: 'caller',
  /** The database is one that Haat did not start, whose own means are to be used. */
  NOT_OUR_DATABASE: 'caller',
  /** The model or the data changed while the changes of a plan were read, page after page. */
  PLAN_CHANGED: 'retry',
  /** The run that was waited for failed or was cancelled. */
  RUN_FAILED: 'fault',
  /** No model of this name is registered. */
  UNKNOWN_MODEL: 'caller',
  /** Neither a recorded prediction nor a snapshot that a version was trained on. */
  NO_LINEAGE: 'caller',
  /** A model of this name has no promoted version yet. */
  NO_CHAMPION: 'caller',
  /** A module that the command line names exports no network of that name, or several without one being named. */
  NO_NETWORK: 'caller',
} as const satisfies ErrorTable;

export const cliError = errorsOf(cliErrors);
