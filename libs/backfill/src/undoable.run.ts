import type { RunRecord } from '@haat/data-access';
import { backfillError } from './backfill.errors.ts';

/** Lets through a run that wrote rows and has ended. @throws RUN_NOT_ENDED, NOT_UNDOABLE */
export function requireUndoable({ id, kind, options, finishedAt }: RunRecord): void {
  if (kind !== 'backfill') {
    throw backfillError('NOT_UNDOABLE', `Run "${id}" is a run of kind "${kind}": only a backfill can be undone`, {
      run: id,
      kind,
    });
  }
  if (options['dryRun'] === true) throw backfillError('NOT_UNDOABLE', `Run "${id}" was a dry run`, { run: id });
  if (finishedAt === null) {
    throw backfillError('RUN_NOT_ENDED', `Run "${id}" goes on: cancel it first, or wait for its end`, { run: id });
  }
}
