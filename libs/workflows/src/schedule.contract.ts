import type { BackfillOptions } from './backfill.contract.ts';
import type { DriftOptions, SkewOptions } from './check.contract.ts';
import type { InferOptions } from './infer.contract.ts';
import type { RunActor, TrainOptions } from './train.contract.ts';

/** Kinds of runs that can be started on a schedule. */
export const scheduledKinds = ['train', 'backfill', 'skew', 'drift', 'infer'] as const;
export type ScheduledKind = (typeof scheduledKinds)[number];

/** What each run of a schedule is asked to do; its moment, its data and its id are those of its own time. */
export interface ScheduledWish {
  readonly kind: ScheduledKind;
  /** `domain/model`. */
  readonly model: string;
  readonly options:
    | Partial<Omit<TrainOptions, 'asOf'>>
    | Partial<Omit<BackfillOptions, 'asOf'>>
    | Partial<Omit<SkewOptions, 'from' | 'to'>>
    | Partial<Omit<DriftOptions, 'day'>>
    | Partial<Omit<InferOptions, 'asOf'>>;
}

export interface ScheduledRunInput {
  /** Name of the schedule. */
  readonly schedule: string;
  readonly wish: ScheduledWish;
}

/** The run of one turn, as the workflow of its kind takes it. */
export interface PlannedRun {
  readonly kind: ScheduledKind;
  readonly input: {
    readonly runId: string;
    readonly model: string;
    readonly options: object;
    readonly actor: RunActor;
  };
}

export interface ScheduleActivities {
  /** Writes the run of a schedule's turn down, with its audit entry. The same turn always gives the same run. */
  planScheduledRun(call: ScheduledRunInput & { readonly turn: string }): Promise<PlannedRun>;
}
