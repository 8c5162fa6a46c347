import type { GatewayClient } from './gateway.client.ts';

export interface NewSchedule {
  readonly name: string;
  readonly kind: 'train' | 'backfill' | 'skew' | 'drift' | 'infer';
  readonly model: string;
  readonly cron: string;
  readonly timeZone?: string;
  readonly overlap?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface Schedule extends Required<NewSchedule> {
  readonly paused: boolean;
  readonly nextAt: string | null;
  readonly lastAt: string | null;
}

const fields = 'name kind model options cron timeZone overlap paused nextAt lastAt';

export async function schedulesOf(gateway: GatewayClient): Promise<readonly Schedule[]> {
  return (await gateway.ask<{ schedules: readonly Schedule[] }>(`{ schedules { ${fields} } }`)).schedules;
}

export async function createSchedule(gateway: GatewayClient, input: NewSchedule): Promise<Schedule> {
  const { createSchedule: schedule } = await gateway.ask<{ createSchedule: Schedule }>(
    `mutation CliSchedule($input: CreateScheduleInput!) { createSchedule(input: $input) { ${fields} } }`,
    { input },
  );
  return schedule;
}

/** What an operator can ask of a schedule, by the name of the mutation. */
export type ScheduleDeed = 'pauseSchedule' | 'resumeSchedule' | 'triggerSchedule' | 'deleteSchedule';

/** @throws UNKNOWN_SCHEDULE */
export async function askOfSchedule(gateway: GatewayClient, deed: ScheduleDeed, name: string): Promise<Schedule> {
  const answer = await gateway.ask<Record<ScheduleDeed, Schedule>>(
    `mutation CliScheduleDeed($name: ID!) { ${deed}(name: $name) { ${fields} } }`,
    { name },
  );
  return answer[deed];
}
