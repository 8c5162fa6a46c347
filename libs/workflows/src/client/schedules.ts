import { ScheduleAlreadyRunning, ScheduleNotFoundError } from '@temporalio/client';
import type { DomainError } from '@haat/kit';
import type { ScheduledWish } from '../schedule.contract.ts';
import { scheduledRun } from '../schedule.workflow.ts';
import { taskQueues } from '../train.contract.ts';
import { workflowError } from '../workflows.errors.ts';
import { failureOf } from './run.failures.ts';
import type { Temporal } from './temporal.connection.ts';

/** What happens when a turn comes while the one before still runs. */
export const overlapPolicies = ['SKIP', 'BUFFER_ONE', 'CANCEL_OTHER', 'ALLOW_ALL'] as const;
export type OverlapPolicy = (typeof overlapPolicies)[number];

export interface NewSchedule {
  /** Lower-case letters, digits and dashes. */
  readonly name: string;
  readonly wish: ScheduledWish;
  /** When its turns come, five fields. */
  readonly cron: string;
  /** IANA name of the time zone of `cron`. */
  readonly timeZone: string;
  readonly overlap: OverlapPolicy;
}

export interface RunSchedule extends NewSchedule {
  readonly paused: boolean;
  readonly nextAt: Date | null;
  /** When its last turn came. */
  readonly lastAt: Date | null;
}

/** Ours among the schedules of the namespace. */
const prefix = 'haat-';

/** Errors: SCHEDULE_EXISTS, INVALID_SCHEDULE. */
export async function createSchedule(temporal: Temporal, schedule: NewSchedule): Promise<void> {
  const { name, wish, cron, timeZone, overlap } = schedule;
  if (!/^[a-z0-9][a-z0-9-]{0,59}$/.test(name)) {
    throw workflowError('INVALID_SCHEDULE', `Schedule "${name}": expected lower-case letters, digits and dashes`, {
      field: 'name',
    });
  }
  await asking(name, () =>
    temporal.client.schedule.create({
      scheduleId: `${prefix}${name}`,
      spec: { cronExpressions: [cron], timezone: timeZone },
      // A turn that was missed by more than this is left out.
      policies: { overlap, catchupWindow: '1 hour' },
      action: {
        type: 'startWorkflow',
        workflowType: scheduledRun,
        workflowId: `scheduled/${name}`,
        taskQueue: taskQueues.control,
        args: [{ schedule: name, wish }],
      },
      memo: { schedule },
    }),
  );
}

/** All schedules, by name. */
export async function listSchedules(temporal: Temporal): Promise<readonly RunSchedule[]> {
  const found: RunSchedule[] = [];
  return asking('', async () => {
    for await (const { scheduleId, memo, state, info } of temporal.client.schedule.list()) {
      if (!scheduleId.startsWith(prefix)) continue;
      found.push({
        ...(memo!['schedule'] as NewSchedule),
        paused: state.paused,
        nextAt: info.nextActionTimes[0] ?? null,
        lastAt: info.recentActions.at(-1)?.takenAt ?? null,
      });
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  });
}

/** Errors: UNKNOWN_SCHEDULE. */
export async function readSchedule(temporal: Temporal, name: string): Promise<RunSchedule> {
  return asking(name, async () => {
    const { memo, state, info } = await temporal.client.schedule.getHandle(`${prefix}${name}`).describe();
    return {
      ...(memo!['schedule'] as NewSchedule),
      paused: state.paused,
      nextAt: info.nextActionTimes[0] ?? null,
      lastAt: info.recentActions.at(-1)?.takenAt ?? null,
    };
  });
}

/** Errors: UNKNOWN_SCHEDULE. */
export async function pauseSchedule(temporal: Temporal, name: string, paused: boolean): Promise<void> {
  const handle = temporal.client.schedule.getHandle(`${prefix}${name}`);
  await asking(name, () => (paused ? handle.pause() : handle.unpause()));
}

/** Takes a turn now, under the schedule's overlap policy. Errors: UNKNOWN_SCHEDULE. */
export async function triggerSchedule(temporal: Temporal, name: string): Promise<void> {
  await asking(name, () => temporal.client.schedule.getHandle(`${prefix}${name}`).trigger());
}

/** Runs that it started go on. Errors: UNKNOWN_SCHEDULE. */
export async function deleteSchedule(temporal: Temporal, name: string): Promise<void> {
  await asking(name, () => temporal.client.schedule.getHandle(`${prefix}${name}`).delete());
}

async function asking<T>(name: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (caught) {
    throw scheduleFailure(name, caught);
  }
}

/** What asking for a schedule that is not there, or not for the caller, answers. */
export function unknownSchedule(name: string): DomainError {
  return workflowError('UNKNOWN_SCHEDULE', `No schedule "${name}" is known`, { schedule: name });
}

function scheduleFailure(name: string, caught: unknown): DomainError {
  if (caught instanceof ScheduleAlreadyRunning) {
    return workflowError('SCHEDULE_EXISTS', `A schedule "${name}" exists: delete it first, or take another name`, {
      schedule: name,
    });
  }
  if (caught instanceof ScheduleNotFoundError) {
    return unknownSchedule(name);
  }
  if (isSpecRefusal(caught)) {
    return workflowError('INVALID_SCHEDULE', `Schedule "${name}": ${caught.message}`, { schedule: name });
  }
  const cause = caught instanceof Error && caught.cause !== undefined ? caught.cause : caught;
  return failureOf(cause);
}

/** What the client makes of the server's refusal of a schedule's times. */
const isSpecRefusal = (caught: unknown): caught is Error => caught instanceof Error && caught.name === 'TypeError';
