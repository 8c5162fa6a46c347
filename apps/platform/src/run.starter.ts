import type { Deed, RunLog, RunRecord } from '@haat/data-access';
import type { Actor } from '@haat/kit';
import { startRun, type RunInput, type RunKind } from '@haat/workflows/client';
import type { TemporalLink } from './temporal.link.ts';

/** Starts runs of every kind. */
export class RunStarter {
  constructor(
    private readonly runs: RunLog,
    private readonly link: TemporalLink,
  ) {}

  /**
   * Writes a run down, with who asked for it and why, and starts it: what Temporal knows is always known here. A run that is
   * known is answered; it is started with the options that it was written down with. @throws SERVICE_UNAVAILABLE
   */
  start(
    kind: RunKind,
    { runId, model, options }: RunInput,
    actor: Actor,
    why: Omit<Deed, 'actor'> = {},
  ): Promise<RunRecord> {
    return this.link.ask(async (temporal) => {
      const run = await this.runs.create({ id: runId, kind, model, options: { ...options } }, { ...why, actor });
      const { subject, origin } = actor;
      await startRun(temporal, kind, { runId, model, options: run.options, actor: { subject, origin } });
      return this.runs.read(runId);
    });
  }
}
