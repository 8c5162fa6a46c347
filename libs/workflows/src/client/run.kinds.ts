import { backfillRows, undoRows } from '../backfill.workflow.ts';
import { auditSkew, profileDrift } from '../check.workflow.ts';
import { inferModel, ingestDay } from '../infer.workflow.ts';
import { simulatePolicy } from '../simulate.workflow.ts';
import type { RunActor } from '../train.contract.ts';
import { trainModel } from '../train.workflow.ts';
import { runIdOf } from './run.identity.ts';
import { startOnce } from './run.start.ts';
import type { Temporal } from './temporal.connection.ts';

/** Kinds of runs, with the workflow of each. */
const workflows = {
  train: trainModel,
  backfill: backfillRows,
  undo: undoRows,
  skew: auditSkew,
  drift: profileDrift,
  infer: inferModel,
  ingest: ingestDay,
  simulate: simulatePolicy,
} as const;
export type RunKind = keyof typeof workflows;

export const isRunKind = (kind: string): kind is RunKind => kind in workflows;

/** What every workflow of a run takes. */
export interface RunInput {
  readonly runId: string;
  readonly model: string;
  readonly options: object;
  /** Who started the run. */
  readonly actor?: RunActor;
}

/** Starts a run by its kind, or finds the one that has its id. Answers whether it was started now. */
export function startRun(temporal: Temporal, kind: RunKind, input: RunInput): Promise<boolean> {
  const workflow = workflows[kind] as unknown as (input: RunInput) => Promise<unknown>;
  return startOnce(temporal, workflow, input, `${kind} ${input.model}`);
}

/** The one run that tries a failed or cancelled run again, with the same options. */
export function retryOf(kind: RunKind, { runId, ...rest }: RunInput): RunInput {
  return { ...rest, runId: runIdOf(kind, rest.model, { retryOf: runId }) };
}
