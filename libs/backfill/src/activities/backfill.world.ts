import type { BackfillLog, Database, ModelRegistry, PredictionLog, RunLog } from '@haat/data-access';
import { backfillError } from '../backfill.errors.ts';
import type { BackfillTarget } from '../backfill.target.ts';
import { tableStatements, type TableStatements } from '../backfill.table.ts';

/** One model whose rows a worker can backfill, over the role of its domain's task. */
export interface BackfillableModel {
  readonly target: BackfillTarget;
  readonly database: Database;
  readonly registry: ModelRegistry;
  readonly runs: RunLog;
  readonly backfills: BackfillLog;
  readonly predictions: PredictionLog;
}

/** A model with the statements over its table. */
export interface Backfillable extends BackfillableModel {
  readonly statements: TableStatements;
}

/** Finds what backfills a model. @throws UNKNOWN_BACKFILL_TARGET */
export function backfillables(models: readonly BackfillableModel[]): (model: string) => Backfillable {
  const known = new Map<string, Backfillable>(
    models.map((one) => [one.target.model, { ...one, statements: tableStatements(one.target.table) }]),
  );
  return (model) => {
    const found = known.get(model);
    if (found) return found;
    const names = [...known.keys()].join(', ') || 'none';
    throw backfillError('UNKNOWN_BACKFILL_TARGET', `No rows of "${model}" are backfilled here: there are ${names}`, {
      model,
    });
  };
}
