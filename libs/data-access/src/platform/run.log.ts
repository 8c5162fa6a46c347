import { Brackets } from 'typeorm';

import { domainOf } from '@haat/kit';

import { dataAccessError } from '../data-access.errors.ts';
import type { Database } from '../database/database.connection.ts';
import { inTransaction } from '../database/database.transaction.ts';
import { AuditTrail, type NewAuditEntry } from './audit.trail.ts';
import { RunEntity } from './platform.entities.ts';
import type { RunRecord, RunState } from './platform.records.ts';

export interface RunFilter {
  readonly model?: string;
  readonly state?: RunState;
  /** Answers runs older than this one. */
  readonly after?: Pick<RunRecord, 'id' | 'createdAt'>;
}

/** A run before it is written down. */
export type NewRun = Pick<RunRecord, 'id' | 'kind' | 'model' | 'options'>;

/** What runs did and do. Every call may be repeated: a second one changes nothing. */
export class RunLog {
  constructor(private readonly database: Database) {}

  /** Writes a run down as queued; one that is known stays as it is. */
  async create(run: NewRun): Promise<RunRecord> {
    await this.#query(insertRun, valuesOf(run));
    return this.read(run.id);
  }

  /** As `create`; whoever really makes the run is written to the audit trail in the same transaction. */
  async begin(run: NewRun, entry: Omit<NewAuditEntry, 'subject' | 'domain'>): Promise<RunRecord> {
    await inTransaction(this.database, async (client) => {
      const { rowCount } = await client.query(insertRun, valuesOf(run));
      if (rowCount === 0) return;
      const made = { ...entry, subject: run.id, domain: domainOf(run.model) };
      await new AuditTrail(this.database).record(made, client);
    });
    return this.read(run.id);
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

  async complete(
    id: string,
    { metrics, result }: { metrics: Readonly<Record<string, number>>; result: Readonly<Record<string, unknown>> },
  ): Promise<void> {
    await this.#finish(id, 'completed', [JSON.stringify(metrics), JSON.stringify(result), null, null]);
  }

  async fail(id: string, state: 'failed' | 'cancelled', code: string, message: string): Promise<void> {
    await this.#finish(id, state, [null, null, code, message]);
  }

  /** @throws UNKNOWN_RUN */
  async read(id: string): Promise<RunRecord> {
    const run = await this.database.source.getRepository(RunEntity).findOneBy({ id });
    if (run === null) throw dataAccessError('UNKNOWN_RUN', `Run "${id}" is not known`, { run: id });
    return run;
  }

  /** Runs, newest first. */
  page(first: number, { model, state, after }: RunFilter = {}): Promise<RunRecord[]> {
    const query = this.database.source.getRepository(RunEntity).createQueryBuilder('run');
    if (model !== undefined) query.andWhere('run.model = :model', { model });
    if (state !== undefined) query.andWhere('run.state = :state', { state });
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
      `update platform.run set state = $2, metrics = $3, result = $4, error_code = $5, error_message = $6,
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

const insertRun = `insert into platform.run (id, kind, model, options, state) values ($1, $2, $3, $4, 'queued')
  on conflict (id) do nothing`;

const valuesOf = ({ id, kind, model, options }: NewRun) => [id, kind, model, JSON.stringify(options)];
