import { Brackets, In } from 'typeorm';

import { domainOf } from '@haat/kit';

import { dataAccessError } from '../data-access.errors.ts';
import { inTransaction, type Database } from '../database/database.connection.ts';
import { AuditTrail } from './audit.trail.ts';
import type { Deed } from './model.lifecycle.ts';
import { RunEntity } from './platform.entities.ts';
import type { RunRecord, RunState } from './platform.records.ts';

export interface RunFilter {
  readonly model?: string;
  readonly state?: RunState;
  /** Domains whose runs are answered; all where absent. */
  readonly domains?: readonly string[] | undefined;
  /** Answers runs older than this one. */
  readonly after?: Pick<RunRecord, 'id' | 'createdAt'>;
}

/** What runs did and do. Every call may be repeated: a second one changes nothing. */
export class RunLog {
  constructor(private readonly database: Database) {}

  /**
   * Writes a run down as queued; one that is known stays as it is. With `deed`, the audit trail gets `<kind>.start` in the same
   * transaction, when the run is new.
   */
  async create(run: Pick<RunRecord, 'id' | 'kind' | 'model' | 'options'>, deed?: Deed): Promise<RunRecord> {
    await inTransaction(this.database, async (client) => {
      const { rowCount } = await client.query(
        `insert into platform.run (id, kind, model, options, state) values ($1, $2, $3, $4, 'queued')
         on conflict (id) do nothing`,
        [run.id, run.kind, run.model, JSON.stringify(run.options)],
      );
      if (rowCount === 0 || deed === undefined) return;
      const details = { ...deed.details, model: run.model, options: run.options };
      const entry = { ...deed, action: `${run.kind}.start`, subject: run.id, domain: domainOf(run.model), details };
      await new AuditTrail(this.database).record(entry, client);
    });
    return this.read(run.id);
  }

  /** The runs of these ids that are known, in any order. */
  readAll(ids: readonly string[]): Promise<RunRecord[]> {
    return this.database.source.getRepository(RunEntity).findBy({ id: In([...ids]) });
  }

  /** The run works on `step` now; the step before it is done. Beginning the current step again changes nothing. */
  async beginStep(id: string, step: string): Promise<void> {
    await this.#query(
      `update platform.run set state = 'running', step = $2, fraction = null, message = null, updated_at = now(),
         steps = (select coalesce(jsonb_agg(case when s ->> 'finishedAt' is null then s || jsonb_build_object('finishedAt', $3::text) else s end), '[]')
                  from jsonb_array_elements(steps) s)
                 || jsonb_build_object('step', $2::text, 'startedAt', $3::text, 'finishedAt', null)
       where id = $1 and step is distinct from $2 and finished_at is null`,
      [id, step, new Date().toISOString()],
    );
  }

  /** How far the current step is: share done in [0, 1] where known, and a word for people. */
  async progress(id: string, fraction: number | null, message: string | null): Promise<void> {
    await this.#query(
      `update platform.run set fraction = $2, message = $3, updated_at = now() where id = $1 and finished_at is null`,
      [id, fraction, message],
    );
  }

  /** What the run measured so far; it stays, also when the run fails. */
  async report(id: string, metrics: Readonly<Record<string, number>>, result: object): Promise<void> {
    await this.#query(
      `update platform.run set metrics = $2, result = $3, updated_at = now() where id = $1 and finished_at is null`,
      [id, JSON.stringify(metrics), JSON.stringify(result)],
    );
  }

  async complete(
    id: string,
    { metrics, result }: { metrics: Readonly<Record<string, number>>; result: Readonly<Record<string, unknown>> },
  ): Promise<void> {
    await this.#finish(id, 'completed', [JSON.stringify(metrics), JSON.stringify(result), null, null]);
  }

  async fail(id: string, state: 'failed' | 'cancelled', code: string, message: string): Promise<void> {
    await this.#finish(id, state, [null, null, code, message]);
  }

  /** A run, if it is of one of `domains`, where these are given. @throws UNKNOWN_RUN */
  async read(id: string, domains?: readonly string[]): Promise<RunRecord> {
    const run = await this.database.source.getRepository(RunEntity).findOneBy({ id });
    if (run === null || domains?.includes(domainOf(run.model)) === false)
      throw dataAccessError('UNKNOWN_RUN', `Run "${id}" is not known`, { run: id });
    return run;
  }

  /** Runs, newest first. */
  page(first: number, { model, state, domains, after }: RunFilter = {}): Promise<RunRecord[]> {
    const query = this.database.source.getRepository(RunEntity).createQueryBuilder('run');
    if (model !== undefined) query.andWhere('run.model = :model', { model });
    if (state !== undefined) query.andWhere('run.state = :state', { state });
    if (domains !== undefined) query.andWhere(`split_part(run.model, '/', 1) = any(:domains)`, { domains });
    if (after !== undefined) {
      query.andWhere(
        new Brackets((older) =>
          older
            .where(`date_trunc('milliseconds', run.createdAt) < :at`, { at: after.createdAt })
            .orWhere(`date_trunc('milliseconds', run.createdAt) = :at and run.id < :id`, { id: after.id }),
        ),
      );
    }
    return query
      .orderBy(`date_trunc('milliseconds', run.createdAt)`, 'DESC')
      .addOrderBy('run.id', 'DESC')
      .limit(first)
      .getMany();
  }

  async #finish(id: string, state: RunState, ending: readonly (string | null)[]): Promise<void> {
    await this.#query(
      `update platform.run set state = $2, metrics = coalesce($3, metrics), result = coalesce($4, result), error_code = $5, error_message = $6,
         fraction = case when $2 = 'completed' then 1 else fraction end, updated_at = now(), finished_at = now(),
         steps = (select coalesce(jsonb_agg(case when s ->> 'finishedAt' is null then s || jsonb_build_object('finishedAt', $7::text) else s end), '[]')
                  from jsonb_array_elements(steps) s)
       where id = $1 and finished_at is null`,
      [id, state, ...ending, new Date().toISOString()],
    );
  }

  async #query(sql: string, parameters: unknown[]): Promise<void> {
    await this.database.pool.query(sql, parameters);
  }
}
