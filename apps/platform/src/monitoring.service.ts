import type { AuditTrail, ModelRegistry, RunLog, RunRecord } from '@haat/data-access';
import { domainOf, type Actor } from '@haat/kit';
import type { CheckInput, CheckKind, DriftOptions, SkewOptions } from '@haat/workflows';
import {
  driftInput,
  skewInput,
  startDriftProfile,
  startSkewAudit,
  type CheckRequest,
  type Temporal,
} from '@haat/workflows/client';
import type { TemporalLink } from './temporal.link.ts';

/** Starts what looks after what is served. Equal wishes start one run. */
export class MonitoringService {
  constructor(
    private readonly registry: ModelRegistry,
    private readonly runs: RunLog,
    private readonly audit: AuditTrail,
    private readonly temporal: TemporalLink,
  ) {}

  /** @throws UNKNOWN_MODEL, SERVICE_UNAVAILABLE */
  auditSkew(request: CheckRequest<SkewOptions>, actor: Actor, now: Date): Promise<RunRecord> {
    return this.#start('skew', skewInput(request, now), startSkewAudit, actor);
  }

  /** @throws UNKNOWN_MODEL, SERVICE_UNAVAILABLE */
  profileDrift(request: CheckRequest<DriftOptions>, actor: Actor, now: Date): Promise<RunRecord> {
    return this.#start('drift', driftInput(request, now), startDriftProfile, actor);
  }

  /** The run is written down before it starts, so that what Temporal knows is always known here. */
  async #start<Options extends object>(
    kind: CheckKind,
    input: CheckInput<Options>,
    start: (temporal: Temporal, input: CheckInput<Options>) => Promise<{ readonly started: boolean }>,
    actor: Actor,
  ): Promise<RunRecord> {
    const { runId, model } = input;
    const options = Object.fromEntries<unknown>(Object.entries(input.options));
    await this.registry.model(model);
    await this.temporal.ask(async (temporal) => {
      await this.runs.create({ id: runId, kind, model, options });
      const { started } = await start(temporal, input);
      if (!started) return;
      const action = `${kind}.start`;
      await this.audit.record({ actor, action, subject: runId, domain: domainOf(model), details: options });
    });
    return this.runs.read(runId);
  }
}
