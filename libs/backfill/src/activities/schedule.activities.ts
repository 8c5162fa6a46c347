import { backfillRevision, dataRevision, type Database, type RunLog } from '@haat/data-access';
import { assertUnreachable, domainOf } from '@haat/kit';
import { Context } from '@temporalio/activity';
import { withTypedFailures, type PlannedRun, type ScheduleActivities } from '@haat/workflows';
import { backfillInput, driftInput, inferInput, skewInput, trainInput } from '@haat/workflows/client';
import { backfillError } from '../backfill.errors.ts';

/** A domain whose models can be trained, backfilled and checked on a schedule. */
export interface ScheduledDomain {
  readonly domain: string;
  readonly database: Database;
  readonly runs: RunLog;
}

/** Plans the runs of schedules, for a worker. The moment of a run is that of its turn, however often planning is tried. */
export function scheduleActivities(domains: readonly ScheduledDomain[]): ScheduleActivities {
  return withTypedFailures<ScheduleActivities>({
    async planScheduledRun({ schedule, wish, turn }) {
      const { kind, model } = wish;
      const world = domains.find(({ domain }) => domain === domainOf(model));
      if (!world) {
        throw backfillError('UNKNOWN_BACKFILL_TARGET', `No worker here runs anything for "${model}"`, { model });
      }
      const planned = await plan(world, wish, turn, new Date(Context.current().info.scheduledTimestampMs));
      const { runId, options } = planned;
      const actor = { subject: 'system:schedule', origin: `schedule:${schedule}` };
      const made = await world.runs.create(
        { id: runId, kind, model, options: { ...options } },
        { actor, details: { schedule, turn } },
      );
      return { kind, input: { runId, model, options: made.options, actor } };
    },
  });
}

async function plan(
  { database }: ScheduledDomain,
  { kind, model, options }: Parameters<ScheduleActivities['planScheduledRun']>[0]['wish'],
  turn: string,
  now: Date,
): Promise<Omit<PlannedRun['input'], 'actor'>> {
  const request = { ...options, model, idempotencyKey: turn };
  switch (kind) {
    case 'train': {
      const revision = String(await dataRevision(database, domainOf(model)));
      return trainInput({ ...request, ...modelOptions(options), dataRevision: revision }, now);
    }
    case 'backfill': {
      const revision = await backfillRevision(database, domainOf(model), model);
      return backfillInput({ ...request, revision }, now);
    }
    case 'skew':
      return skewInput({ model, options, idempotencyKey: turn }, now);
    case 'drift':
      return driftInput({ model, options, idempotencyKey: turn }, now);
    case 'infer': {
      const revision = await backfillRevision(database, domainOf(model), model);
      return inferInput({ ...request, ...modelOptions(options), dataRevision: revision }, now);
    }
    default:
      return assertUnreachable(kind);
  }
}

/** Options of a training or an inference hold the model's own ones under `model`. */
function modelOptions(options: object): { options?: Readonly<Record<string, unknown>> } {
  const { model } = options as { model?: Readonly<Record<string, unknown>> };
  return model === undefined ? {} : { options: model };
}
