import { Access, actorOf } from '@haat/platform';
import { Args, Context, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { scheduledOptions } from './schedule.options.ts';
import { ScheduleService } from './schedule.service.ts';
import { CreateScheduleInput, Schedule, scheduleOf } from './schedule.types.ts';

const nameArgument = { type: () => ID } as const;

@Resolver(() => Schedule)
export class ScheduleResolver {
  constructor(private readonly service: ScheduleService) {}

  @Access('reader')
  @Query(() => [Schedule], { description: 'Those of your scopes, by name.' })
  async schedules(@Context() context: object): Promise<Schedule[]> {
    return (await this.service.list(actorOf(context))).map(scheduleOf);
  }

  @Access('operator', { of: 'input.model' })
  @Mutation(() => Schedule, {
    description:
      'Trains, infers by, backfills or checks a model again and again. Each run has its own id, row and audit entry. Errors: UNKNOWN_MODEL, INVALID_ARGUMENT, SCHEDULE_EXISTS, INVALID_SCHEDULE.',
  })
  async createSchedule(@Args('input') input: CreateScheduleInput, @Context() context: object): Promise<Schedule> {
    const { name, kind, model, cron, timeZone, overlap, options } = input;
    const schedule = {
      name,
      cron,
      timeZone,
      overlap,
      wish: { kind, model, options: scheduledOptions(kind, options ?? {}) },
    };
    return scheduleOf(await this.service.create(schedule, actorOf(context)));
  }

  @Access('operator')
  @Mutation(() => Schedule, { description: 'Takes no turn until it is resumed. Errors: UNKNOWN_SCHEDULE.' })
  async pauseSchedule(@Args('name', nameArgument) name: string, @Context() context: object): Promise<Schedule> {
    return scheduleOf(await this.service.pause(name, true, actorOf(context)));
  }

  @Access('operator')
  @Mutation(() => Schedule, { description: 'Errors: UNKNOWN_SCHEDULE.' })
  async resumeSchedule(@Args('name', nameArgument) name: string, @Context() context: object): Promise<Schedule> {
    return scheduleOf(await this.service.pause(name, false, actorOf(context)));
  }

  @Access('operator')
  @Mutation(() => Schedule, { description: 'Takes a turn now, under its overlap policy. Errors: UNKNOWN_SCHEDULE.' })
  async triggerSchedule(@Args('name', nameArgument) name: string, @Context() context: object): Promise<Schedule> {
    return scheduleOf(await this.service.trigger(name, actorOf(context)));
  }

  @Access('operator')
  @Mutation(() => Schedule, { description: 'Runs that it started go on. Errors: UNKNOWN_SCHEDULE.' })
  async deleteSchedule(@Args('name', nameArgument) name: string, @Context() context: object): Promise<Schedule> {
    return scheduleOf(await this.service.delete(name, actorOf(context)));
  }
}
