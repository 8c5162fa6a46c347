import type { BackfillRecord, RunRecord } from '@haat/data-access';
import { HAAT, assertUnreachable } from '@haat/kit';
import type { PendingStep } from '@haat/workflows/client';
import type { RunActivity } from './run.control.ts';

/** A run, what it waits for, and how far its rows are. */
export interface RunSituation {
  readonly run: Pick<RunRecord, 'id' | 'kind' | 'state' | 'step' | 'errorCode' | 'options'>;
  readonly activity: RunActivity;
  readonly backfill: Pick<BackfillRecord, 'pausedAt' | 'done' | 'total' | 'changed' | 'undoes' | 'collectedAt'> | null;
}

/** What a run does next, and what its operator can do about it: sentences, the most pressing first. */
export function adviceOf(situation: RunSituation): readonly string[] {
  const { run, activity } = situation;
  switch (run.state) {
    case 'queued':
    case 'running':
      return activity.state === null || activity.state === 'queued' || activity.state === 'running'
        ? goingOn(situation)
        : [
            `The run has ended (${activity.state}) without writing that down. ${HAAT} runs retry ${run.id} starts it again.`,
          ];
    case 'failed':
      return [
        `It does nothing more. Mend what ${run.errorCode ?? 'the error'} says, then: ${HAAT} runs retry ${run.id}`,
        ...afterwards(situation),
      ];
    case 'cancelled':
      return [`It does nothing more. ${HAAT} runs retry ${run.id} does the rest.`, ...afterwards(situation)];
    case 'completed':
      return afterwards(situation);
    default:
      return assertUnreachable(run.state);
  }
}

function goingOn({ run, activity, backfill }: RunSituation): string[] {
  if (activity.state === null) {
    return ['Temporal does not know this run. If it was started long ago, cancel cannot reach it: start another one.'];
  }
  const cancel = `${HAAT} runs cancel ${run.id} stops it; what it has written stays until it is undone.`;
  const paused = backfill?.pausedAt ? [`It waits for its operator. ${HAAT} runs resume ${run.id} lets it go on.`] : [];
  const asked =
    run.step === 'approve'
      ? [`It waits for an approval: ${HAAT} models approve ${run.id}, or ${HAAT} models reject ${run.id}`]
      : [];
  return [...paused, ...asked, ...activity.pending.flatMap(ofStep), ...(activity.pending.length > 0 ? [cancel] : [])];
}

function ofStep({ step, state, attempt, attemptsAtMost, nextAttemptAt, lastFailure }: PendingStep): string[] {
  if (state === 'waiting') {
    return [`Step "${step}" waits for a worker. Where none takes it, see that one runs: ${HAAT} status`];
  }
  if (lastFailure === null) return [];
  const limit =
    attemptsAtMost === null ? 'until it succeeds' : `${attemptsAtMost} times at the most, then the run fails`;
  const next =
    nextAttemptAt === null
      ? `attempt ${attempt} is under way`
      : `attempt ${attempt} begins at ${nextAttemptAt.toISOString()}`;
  return [
    `Step "${step}" failed (${lastFailure.code}) and is tried again by itself: ${next}; ${limit}.`,
    ...remedyOf(lastFailure.code),
  ];
}

function remedyOf(code: string): string[] {
  switch (code) {
    case 'DATABASE_UNREACHABLE':
      return ['See that PostgreSQL answers; nothing is lost meanwhile, and the run goes on when it is back.'];
    case 'STEP_TIMED_OUT':
      return ['Its worker was killed or lost; another worker takes the step over.'];
    case 'STEP_FAILED':
      return [`The worker's log says why: ${HAAT} runs logs RUN, or the log of the worker.`];
    default:
      return [];
  }
}

function afterwards({ run, backfill }: RunSituation): string[] {
  const wrote = run.kind === 'backfill' && run.options['dryRun'] !== true && (backfill?.changed ?? 0) > 0;
  if (wrote && backfill?.collectedAt) {
    return [
      `Its time to be undone is over: what its rows were was collected at ${backfill.collectedAt.toISOString()}.`,
    ];
  }
  return wrote ? [`${HAAT} backfill undo ${run.id} gives its ${backfill!.changed} rows back what they were.`] : [];
}
