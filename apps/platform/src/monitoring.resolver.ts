import { DriftLog } from '@haat/data-access';
import { Access, actorOf, edgeError, wholeNumber } from '@haat/platform';
import { Args, Context, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { MonitoringService } from './monitoring.service.ts';
import { DriftProfile, DriftProfileInput, driftProfileOf, SkewAuditInput } from './monitoring.types.ts';
import { Run, runOf } from './run.types.ts';

@Resolver()
export class MonitoringResolver {
  constructor(
    private readonly monitoring: MonitoringService,
    private readonly drift: DriftLog,
  ) {}

  @Access('reader', { of: 'model' })
  @Query(() => [DriftProfile], {
    description: 'The last days that were profiled, the oldest first. `days` is 366 at the most.',
  })
  async driftProfiles(
    @Args('model', { type: () => ID }) model: string,
    @Args('days', { type: () => Int, defaultValue: 14 }) days: number,
  ): Promise<DriftProfile[]> {
    wholeNumber('days', days, 1, 366);
    return (await this.drift.profiles(model, days)).map(driftProfileOf);
  }

  @Access('operator', { of: 'input.model' })
  @Mutation(() => Run, {
    description:
      'Recomputes a sample of recorded predictions, or of inferences that are kept, from the stored facts; the run fails by SKEW_FOUND where any comes out otherwise. Errors: UNKNOWN_MODEL, INVALID_ARGUMENT.',
  })
  async startSkewAudit(@Args('input') input: SkewAuditInput, @Context() context: object): Promise<Run> {
    const { model, from, to, rows, seed, idempotencyKey } = input;
    if (rows != null) wholeNumber('input.rows', rows, 1, 100_000);
    if (from && to && from >= to)
      throw edgeError('INVALID_ARGUMENT', 'input.from: expected a moment before input.to', { field: 'input.from' });
    const options = {
      ...(from && { from: from.toISOString() }),
      ...(to && { to: to.toISOString() }),
      ...(rows != null && { rows }),
      ...(seed != null && { seed }),
    };
    const request = { model, options, idempotencyKey: idempotencyKey ?? undefined };
    return runOf(await this.monitoring.auditSkew(request, actorOf(context), new Date()));
  }

  @Access('operator', { of: 'input.model' })
  @Mutation(() => Run, {
    description:
      "Profiles what went into a model on a day against its champion's training snapshot. Errors: UNKNOWN_MODEL, INVALID_ARGUMENT.",
  })
  async startDriftProfile(@Args('input') input: DriftProfileInput, @Context() context: object): Promise<Run> {
    const { model, day, idempotencyKey } = input;
    if (day != null && (!/^\d{4}-\d{2}-\d{2}$/.test(day) || new Date(day).toJSON()?.slice(0, 10) !== day))
      throw edgeError('INVALID_ARGUMENT', `input.day: expected a day such as 2026-03-31, got "${day}"`, {
        field: 'input.day',
      });
    const request = { model, options: { ...(day != null && { day }) }, idempotencyKey: idempotencyKey ?? undefined };
    return runOf(await this.monitoring.profileDrift(request, actorOf(context), new Date()));
  }
}
