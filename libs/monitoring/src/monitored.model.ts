import type { DriftLog, ModelRegistry, PredictionLog, PredictionRecord, RunLog } from '@haat/data-access';
import type { Batch, ModelDefinition, Replay } from '@haat/kit';

/** One model that a worker looks after, over the role of its domain's task. */
export interface MonitoredModel {
  readonly definition: Pick<ModelDefinition, 'name' | 'features'>;
  /** Raw inputs, as they are recorded, to columns: the function that serving uses. */
  readonly encode: (inputs: readonly unknown[]) => Batch;
  /** The same columns of a training snapshot (a file), one row for each entity. */
  readonly reference: (file: string) => Promise<Batch>;
  /** Recomputes recorded predictions from the offline side, in order. */
  readonly replay: (predictions: readonly PredictionRecord[]) => Promise<readonly Replay[]>;
  readonly predictions: PredictionLog;
  readonly drift: DriftLog;
  readonly registry: ModelRegistry;
  readonly runs: RunLog;
}
