import type {
  DriftLog,
  ModelRegistry,
  PredictionLog,
  PredictionRecord,
  PredictionWindow,
  RunLog,
} from '@haat/data-access';
import type { Batch, FeatureSpec, ModelDefinition, Replay } from '@haat/kit';

/** Rows that went into a model, or that a version of it learned from. */
export interface ProfiledRows extends Batch {
  /** [rows]: number of the group in which a row stands, from 0 on; rows of one group vary together. Absent: each row varies on its own. */
  readonly groups?: Uint32Array;
}

/** How many rows are drawn, and by which seed. */
export interface Draw {
  readonly rows: number;
  readonly seed: number;
}

/** What goes into a model, in the columns that a drift profile compares. */
export interface MonitoredInputs {
  readonly features: Readonly<Record<string, FeatureSpec>>;
  /** What a version learned from, of its training snapshot (a file). */
  reference(file: string, draw: Draw): Promise<ProfiledRows>;
  /** What went in on a day (YYYY-MM-DD, UTC): at the most what is to be drawn; no row where nothing did. */
  day(day: string, draw: Draw): Promise<ProfiledRows>;
}

/** Answers that are recorded one by one, and recomputed in batches. */
export interface RecordedAnswers {
  readonly replayedBy: 'row';
  /** A seeded sample of a window, or all that there are. */
  sample(window: PredictionWindow, draw: Draw): Promise<readonly PredictionRecord[]>;
  /** Recomputes them from the offline side, in order. */
  replay(recorded: readonly PredictionRecord[]): Promise<readonly Replay[]>;
}

/** Answers that are kept as a whole by a run, and recomputed by a run that replays it. */
export interface InferredAnswers {
  readonly replayedBy: 'run';
  /** Ids of a seeded sample of the runs that kept answers in a window and can be replayed. */
  sample(window: PredictionWindow, draw: Draw): Promise<readonly string[]>;
}

/** One model that a worker looks after, over the role of its domain's task. */
export interface MonitoredModel {
  readonly name: string;
  readonly inputs: MonitoredInputs;
  readonly answers: RecordedAnswers | InferredAnswers;
  readonly drift: DriftLog;
  readonly registry: ModelRegistry;
  readonly runs: RunLog;
}

/** A model that is asked by row, and whose predictions are recorded. */
export interface RecordedModel extends Pick<MonitoredModel, 'drift' | 'registry' | 'runs'> {
  readonly definition: Pick<ModelDefinition, 'name' | 'features'>;
  /** Raw inputs, as they are recorded, to columns: the function that serving uses. */
  readonly encode: (inputs: readonly unknown[]) => Batch;
  /** The same columns of a training snapshot (a file), one row for each entity. */
  readonly reference: (file: string) => Promise<Batch>;
  /** Recomputes recorded predictions from the offline side, in order. */
  readonly replay: RecordedAnswers['replay'];
  readonly predictions: PredictionLog;
}

const DAY_MS = 86_400_000;

/** How a model whose predictions are recorded is looked after: by distinct inputs, and prediction by prediction. */
export function recordedModel({
  definition: { name, features },
  encode,
  reference,
  replay,
  predictions,
  ...records
}: RecordedModel): MonitoredModel {
  return {
    ...records,
    name,
    inputs: {
      features,
      reference,
      async day(day, { rows, seed }) {
        const from = new Date(`${day}T00:00:00Z`);
        const window = { model: name, from, to: new Date(from.getTime() + DAY_MS) };
        return encode(await predictions.distinctInputs(window, rows, seed));
      },
    },
    answers: {
      replayedBy: 'row',
      sample: (window, { rows, seed }) => predictions.sample(window, rows, seed),
      replay,
    },
  };
}
