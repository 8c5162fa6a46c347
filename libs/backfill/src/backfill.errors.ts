import { errorsOf, type ErrorTable } from '@haat/kit';

/** What can go wrong in backfills and their undo, whatever the domain. Printed to `docs/errors.md`. */
export const backfillErrors = {
  /** No worker here backfills this model. */
  UNKNOWN_BACKFILL_TARGET: 'caller',
  /** A selection has a field that the domain does not know, or a value that it does not take. */
  INVALID_SELECTION: 'caller',
  /** A model has no champion that could compute rows. */
  NO_VERSION_PROMOTED: 'caller',
  /** A chunk of a run that has ended already: nothing of it was written. */
  RUN_CLOSED: 'caller',
  /** A run that goes on cannot be undone yet. */
  RUN_NOT_ENDED: 'caller',
  /** A run that wrote no rows of its own (a training, a dry run, an undo), or whose before-images were collected, cannot be undone. */
  NOT_UNDOABLE: 'caller',
} as const satisfies ErrorTable;

export const backfillError = errorsOf(backfillErrors);
