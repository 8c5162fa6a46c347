import { AuditTrail, type Database } from '@haat/data-access';
import { domainOf, domainsOf, type Actor } from '@haat/kit';
import {
  createSchedule,
  deleteSchedule,
  listSchedules,
  pauseSchedule,
  readSchedule,
  triggerSchedule,
  unknownSchedule,
  type NewSchedule,
  type RunSchedule,
} from '@haat/workflows/client';
import type { InferenceService } from './inference.service.ts';
import type { TemporalLink } from './temporal.link.ts';
import type { TrainingService } from './training.service.ts';

/** Runs on schedules, of the actor's own domains. Temporal keeps the schedules; each deed is in the audit trail. */
export class ScheduleService {
  readonly #trail: AuditTrail;

  constructor(
    database: Database,
    private readonly training: TrainingService,
    private readonly inference: InferenceService,
    private readonly link: TemporalLink,
  ) {
    this.#trail = new AuditTrail(database);
  }

  async list(actor: Actor): Promise<readonly RunSchedule[]> {
    return (await this.link.ask(listSchedules)).filter((schedule) => isFor(actor, schedule));
  }

  /** @throws UNKNOWN_MODEL, INVALID_ARGUMENT, SCHEDULE_EXISTS, INVALID_SCHEDULE, SERVICE_UNAVAILABLE */
  async create(schedule: NewSchedule, actor: Actor): Promise<RunSchedule> {
    const { kind, model, options } = schedule.wish;
    const { model: ofModel = {} } = options as { model?: Readonly<Record<string, unknown>> };
    await this.training.check(model, kind === 'train' ? ofModel : {});
    if (kind === 'infer') await this.inference.check(model, ofModel);
    await this.link.ask((temporal) => createSchedule(temporal, schedule));
    const details = { cron: schedule.cron, overlap: schedule.overlap, ...schedule.wish };
    return this.#done(schedule.name, 'schedule.create', actor, details);
  }

  /** @throws UNKNOWN_SCHEDULE, SERVICE_UNAVAILABLE */
  async pause(name: string, paused: boolean, actor: Actor): Promise<RunSchedule> {
    await this.#read(name, actor);
    await this.link.ask((temporal) => pauseSchedule(temporal, name, paused));
    return this.#done(name, paused ? 'schedule.pause' : 'schedule.resume', actor);
  }

  /** Takes a turn now. @throws UNKNOWN_SCHEDULE, SERVICE_UNAVAILABLE */
  async trigger(name: string, actor: Actor): Promise<RunSchedule> {
    await this.#read(name, actor);
    await this.link.ask((temporal) => triggerSchedule(temporal, name));
    return this.#done(name, 'schedule.trigger', actor);
  }

  /** Answers what was deleted. @throws UNKNOWN_SCHEDULE, SERVICE_UNAVAILABLE */
  async delete(name: string, actor: Actor): Promise<RunSchedule> {
    const schedule = await this.#read(name, actor);
    await this.link.ask((temporal) => deleteSchedule(temporal, name));
    await this.#record(schedule, 'schedule.delete', actor);
    return schedule;
  }

  async #read(name: string, actor: Actor): Promise<RunSchedule> {
    const schedule = await this.link.ask((temporal) => readSchedule(temporal, name));
    if (!isFor(actor, schedule)) throw unknownSchedule(name);
    return schedule;
  }

  async #done(
    name: string,
    action: string,
    actor: Actor,
    details?: Readonly<Record<string, unknown>>,
  ): Promise<RunSchedule> {
    const schedule = await this.#read(name, actor);
    await this.#record(schedule, action, actor, details);
    return schedule;
  }

  async #record(
    { name, wish }: RunSchedule,
    action: string,
    actor: Actor,
    details?: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await this.#trail.record({ actor, action, subject: name, domain: domainOf(wish.model), details });
  }
}

const isFor = (actor: Actor, { wish }: RunSchedule) => domainsOf(actor)?.includes(domainOf(wish.model)) ?? true;
