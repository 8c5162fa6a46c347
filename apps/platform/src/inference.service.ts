import {
  backfillRevision,
  checkDayFiles,
  dataRevision,
  type Database,
  type ModelRegistry,
  type RunLog,
  type RunRecord,
} from '@haat/data-access';
import { domainOf, domainsOf, type Actor, type ModelCard } from '@haat/kit';
import { edgeError, type JsonObject } from '@haat/platform';
import type { ChainsOptions, DayFile, IngestInput, IngestResult } from '@haat/workflows';
import { inferInput, ingestInput, replayInput } from '@haat/workflows/client';
import { checkAgainst } from './option.check.ts';
import type { RunStarter } from './run.starter.ts';

/** A wish for a run of inference, as the API takes it. */
export interface InferWish {
  readonly model: string;
  readonly options?: JsonObject;
  readonly seed?: number;
  readonly chains?: number;
  readonly asOf?: Date;
  readonly idempotencyKey?: string;
}

/** A wish to take the files of a day in, as the API takes it. */
export interface IngestWish extends Omit<InferWish, 'asOf'> {
  readonly day: string;
  readonly files: readonly DayFile[];
}

/** Starts runs of inference. Equal wishes over the same data and champion start one run. */
export class InferenceService {
  constructor(
    private readonly database: Database,
    private readonly registry: ModelRegistry,
    private readonly runs: RunLog,
    private readonly starter: RunStarter,
  ) {}

  /** @throws UNKNOWN_MODEL, INVALID_ARGUMENT, SERVICE_UNAVAILABLE */
  async infer({ model, asOf, ...wish }: InferWish, actor: Actor, now: Date): Promise<RunRecord> {
    await this.check(model, wish.options ?? {});
    const dataRevision = await backfillRevision(this.database, domainOf(model), model);
    const request = { ...wish, model, asOf: asOf?.toISOString(), dataRevision };
    return this.starter.start('infer', inferInput(request, now), actor);
  }

  /** @throws SERVICE_UNAVAILABLE, as `ingestion` */
  async ingest(wish: IngestWish, actor: Actor, now: Date): Promise<RunRecord> {
    return this.starter.start('ingest', await this.ingestion(wish, now), actor);
  }

  /** What would be started for a wish, after all that can be checked without its files. @throws UNKNOWN_MODEL, INVALID_ARGUMENT, UNKNOWN_DAY_FILE, REPEATED_DAY_FILE */
  async ingestion(wish: IngestWish, now: Date): Promise<IngestInput> {
    const { dayTables } = await this.check(wish.model, wish.options ?? {});
    if (dayTables === undefined) {
      const why = 'does not take in days one after the other';
      throw edgeError('INVALID_ARGUMENT', `input.model: ${wish.model} ${why}`, { field: 'input.model' });
    }
    checkDayFiles(
      wish.files.map(({ name }) => name),
      dayTables,
    );
    const today = now.toISOString().slice(0, 10);
    if (wish.day > today) {
      throw edgeError('INVALID_ARGUMENT', `input.day: expected ${today} (UTC) or a day before, got ${wish.day}`, {
        field: 'input.day',
      });
    }
    return this.sinceTaken(wish);
  }

  /** The same files are taken in again where the data changed after they were: what came in between may have withdrawn their rows. */
  private async sinceTaken(wish: IngestWish): Promise<IngestInput> {
    const revision = await dataRevision(this.database, domainOf(wish.model));
    for (let input = ingestInput(wish); ;) {
      const [run] = await this.runs.readAll([input.runId]);
      if (run?.state !== 'completed') return input;
      const after = (run.result as unknown as IngestResult).snapshot.revision;
      if (after >= revision) return input;
      input = ingestInput({ ...wish, after });
    }
  }

  /** Refuses a model that no run infers by, and options that its card does not declare. @throws UNKNOWN_MODEL, INVALID_ARGUMENT */
  async check(model: string, options: JsonObject): Promise<ModelCard> {
    const { card } = await this.registry.model(model);
    if (card.inference === undefined) {
      throw edgeError(
        'INVALID_ARGUMENT',
        `input.model: ${model} answers when it is asked: there is nothing that a run could infer`,
        {
          field: 'input.model',
        },
      );
    }
    checkAgainst(card.inference, card.name, options);
    return card;
  }

  /**
   * Starts the run that computes the answer of another one again and compares it.
   * @throws UNKNOWN_RUN, INVALID_ARGUMENT, SERVICE_UNAVAILABLE
   */
  async replay(id: string, idempotencyKey: string | undefined, actor: Actor): Promise<RunRecord> {
    const { kind, state, model, options } = await this.runs.read(id, domainsOf(actor));
    if ((kind !== 'infer' && kind !== 'ingest') || state !== 'completed' || 'replayOf' in options) {
      const expected = 'a completed run of inference that kept its answer';
      throw edgeError('INVALID_ARGUMENT', `runId: expected ${expected}, got one of kind ${kind} that is ${state}`, {
        field: 'runId',
      });
    }
    const of = { runId: id, model, options: options as unknown as ChainsOptions };
    return this.starter.start('infer', replayInput(of, idempotencyKey), actor, { details: { replayOf: id } });
  }
}
