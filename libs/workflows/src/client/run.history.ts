import { WorkflowNotFoundError } from '@temporalio/client';
import { optionalTsToDate } from '@temporalio/common/lib/time.js';
import { stepFailure, type RawFailure } from './run.diagnosis.ts';
import { failureOf } from './run.failures.ts';
import type { Temporal } from './temporal.connection.ts';

/** Something that happened to a run. */
export interface RunEvent {
  /** Counts from 1 over all histories of the run. */
  readonly number: number;
  readonly at: Date;
  readonly text: string;
}

type History = Awaited<ReturnType<ReturnType<Temporal['client']['workflow']['getHandle']>['fetchHistory']>>;
type HistoryEvent = NonNullable<History['events']>[number];

/** What happened to a run, oldest first, as Temporal keeps it over all histories that it went through. */
export async function runEvents(temporal: Temporal, runId: string): Promise<readonly RunEvent[]> {
  const steps = new Map<string, string>();
  const told: { at: Date; text: string }[] = [];
  for (const event of await allEvents(temporal, runId)) {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) steps.set(keyOf(event.eventId), scheduled.activityType?.name ?? '');
    const text = textOf(event, steps);
    if (text !== null) told.push({ at: optionalTsToDate(event.eventTime) ?? new Date(0), text });
  }
  return told.map((one, at) => ({ number: at + 1, ...one }));
}

async function allEvents(temporal: Temporal, runId: string): Promise<readonly HistoryEvent[]> {
  const histories: HistoryEvent[][] = [];
  try {
    for (let execution: string | undefined = ''; execution !== undefined;) {
      const history: History = await temporal.client.workflow.getHandle(runId, execution || undefined).fetchHistory();
      const events = history.events ?? [];
      histories.unshift(events);
      execution = events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
    }
  } catch (caught) {
    // Temporal forgets the oldest histories first.
    if (!(caught instanceof WorkflowNotFoundError)) throw failureOf(caught, runId);
  }
  return histories.flat();
}

function textOf(event: HistoryEvent, steps: ReadonlyMap<string, string>): string | null {
  const started = event.activityTaskStartedEventAttributes;
  if (started && (started.attempt ?? 1) > 1) {
    return `${nameOf(steps, started)}: attempt ${started.attempt}, after ${said(started.lastFailure)}`;
  }
  const done = event.activityTaskCompletedEventAttributes;
  if (done) return `${nameOf(steps, done)}: done`;
  const failed = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
  if (failed) return `${nameOf(steps, failed)}: given up, ${said(failed.failure)}`;
  const begun = event.workflowExecutionStartedEventAttributes;
  if (begun) return begun.continuedExecutionRunId ? null : 'started';
  const signal = event.workflowExecutionSignaledEventAttributes;
  if (signal) return `told to ${signal.signalName}`;
  if (event.workflowExecutionCancelRequestedEventAttributes) return 'told to stop';
  if (event.workflowExecutionContinuedAsNewEventAttributes) return 'goes on in a new history';
  if (event.workflowExecutionCompletedEventAttributes) return 'completed';
  if (event.workflowExecutionCanceledEventAttributes) return 'cancelled';
  if (event.workflowExecutionTerminatedEventAttributes) return 'terminated by hand';
  const broken = event.workflowExecutionFailedEventAttributes;
  return broken ? `failed: ${said(innermost(broken.failure))}` : null;
}

interface NestedFailure extends RawFailure {
  readonly cause?: NestedFailure | null;
}

const innermost = (failure: NestedFailure | null | undefined): NestedFailure | null | undefined =>
  failure?.cause ? innermost(failure.cause) : failure;

function said(failure: RawFailure | null | undefined): string {
  const { code, message } = stepFailure(failure ?? {});
  return `${code}: ${message}`;
}

const keyOf = (id: unknown) => String(id);
const nameOf = (steps: ReadonlyMap<string, string>, { scheduledEventId }: { scheduledEventId?: unknown }) =>
  steps.get(keyOf(scheduledEventId)) ?? 'step';
