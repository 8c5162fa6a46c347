import { AuditTrail, type Database, type RunLog, type RunRecord } from '@haat/data-access';
import { domainOf, domainsOf, type Actor } from '@haat/kit';
import { workflowError } from '@haat/workflows';
import {
  cancelRun,
  describeRun,
  isRunKind,
  pauseRun,
  pendingSteps,
  retryOf,
  runEvents,
  type PendingStep,
  type RunEvent,
  type RunKind,
} from '@haat/workflows/client';
import type { RunStarter } from './run.starter.ts';
import type { TemporalLink } from './temporal.link.ts';

/** What a run does at this moment, as Temporal knows it. */
export interface RunActivity {
  /** Null where Temporal knows no such run (any more). */
  readonly state: RunRecord['state'] | null;
  readonly pending: readonly PendingStep[];
}

/** What operators do with runs of every kind, and ask of them: those of their own domains. Each deed is in the audit trail. */
export class RunControl {
  readonly #trail: AuditTrail;

  constructor(
    database: Database,
    private readonly runs: RunLog,
    private readonly starter: RunStarter,
    private readonly link: TemporalLink,
  ) {
    this.#trail = new AuditTrail(database);
  }

  /** Asks a run to stop; it has stopped when its state says so. @throws UNKNOWN_RUN, RUN_HAS_ENDED, SERVICE_UNAVAILABLE */
  async cancel(id: string, actor: Actor): Promise<RunRecord> {
    const run = await this.#open(id, actor);
    await this.link.ask((temporal) => cancelRun(temporal, id));
    return this.#done(run, 'run.cancel', actor);
  }

  /** Asks a run of chunks to wait, or to go on. @throws UNKNOWN_RUN, RUN_HAS_ENDED, RUN_CANNOT_PAUSE, SERVICE_UNAVAILABLE */
  async pause(id: string, paused: boolean, actor: Actor): Promise<RunRecord> {
    const run = await this.#open(id, actor);
    if (run.kind !== 'backfill' && run.kind !== 'undo') {
      throw workflowError(
        'RUN_CANNOT_PAUSE',
        `Run "${id}" is of kind "${run.kind}" and cannot wait; cancel it instead`,
        {
          run: id,
        },
      );
    }
    await this.link.ask((temporal) => pauseRun(temporal, id, paused));
    return this.#done(run, paused ? 'run.pause' : 'run.resume', actor);
  }

  /**
   * Starts the run that tries a failed or cancelled one again, with its options; a second call answers the same run.
   * @throws UNKNOWN_RUN, RUN_NOT_FAILED, SERVICE_UNAVAILABLE
   */
  async retry(id: string, actor: Actor): Promise<RunRecord> {
    const run = await this.runs.read(id, domainsOf(actor));
    const { model, options } = run;
    const kind = this.#kindOf(run);
    const described = await this.link.ask((temporal) => describeRun(temporal, id));
    const state = described?.state ?? run.state;
    if (state !== 'failed' && state !== 'cancelled') {
      const expectation = 'only one that failed or was cancelled is retried';
      throw workflowError('RUN_NOT_FAILED', `Run "${id}" is ${state}: ${expectation}`, { run: id, state });
    }
    return this.starter.start(kind, retryOf(kind, { runId: id, model, options }), actor, { details: { retryOf: id } });
  }

  /** @throws SERVICE_UNAVAILABLE */
  activity(id: string): Promise<RunActivity> {
    return this.link.ask(async (temporal) => {
      const [description, pending] = [await describeRun(temporal, id), await pendingSteps(temporal, id)];
      return { state: description?.state ?? null, pending };
    });
  }

  /** What happened to a run after its event `after`. @throws SERVICE_UNAVAILABLE */
  async events(id: string, after: number): Promise<readonly RunEvent[]> {
    const all = await this.link.ask((temporal) => runEvents(temporal, id));
    return all.slice(after);
  }

  async #open(id: string, actor: Actor): Promise<RunRecord> {
    const run = await this.runs.read(id, domainsOf(actor));
    if (run.finishedAt === null) return run;
    throw workflowError('RUN_HAS_ENDED', `Run "${id}" has ended already: ${run.state}`, { run: id, state: run.state });
  }

  #kindOf({ id, kind }: RunRecord): RunKind {
    if (isRunKind(kind)) return kind;
    throw workflowError('RUN_NOT_FAILED', `Run "${id}" is of a kind "${kind}" that cannot be started again`, {
      run: id,
    });
  }

  async #done({ id, model }: RunRecord, action: string, actor: Actor): Promise<RunRecord> {
    await this.#trail.record({ actor, action, subject: id, domain: domainOf(model) });
    return this.runs.read(id);
  }
}
