import type { ModelRegistry, RunRecord } from '@haat/data-access';
import type { Actor } from '@haat/kit';
import type { CheckInput, CheckKind, DriftOptions, SkewOptions } from '@haat/workflows';
import { driftInput, skewInput, type CheckRequest } from '@haat/workflows/client';
import type { RunStarter } from './run.starter.ts';

/** Starts what looks after what is served. Equal wishes start one run. */
export class MonitoringService {
  constructor(
    private readonly registry: ModelRegistry,
    private readonly starter: RunStarter,
  ) {}

  /** @throws UNKNOWN_MODEL, SERVICE_UNAVAILABLE */
  auditSkew(request: CheckRequest<SkewOptions>, actor: Actor, now: Date): Promise<RunRecord> {
    return this.#start('skew', skewInput(request, now), actor);
  }

  /** @throws UNKNOWN_MODEL, SERVICE_UNAVAILABLE */
  profileDrift(request: CheckRequest<DriftOptions>, actor: Actor, now: Date): Promise<RunRecord> {
    return this.#start('drift', driftInput(request, now), actor);
  }

  async #start(kind: CheckKind, input: CheckInput<object>, actor: Actor): Promise<RunRecord> {
    await this.registry.model(input.model);
    return this.starter.start(kind, input, actor);
  }
}
