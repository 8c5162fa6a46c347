import type { FeatureView } from '@haat/features';
import type { Horizon } from '@haat/kit';

import type { Database } from '../database/database.connection.ts';

/** An answer of a model for one entity, as a backfill left it. */
export interface KeptAnswer {
  readonly id: string;
  /** Output -> number; null where the model had none for this entity. */
  readonly outputs: Readonly<Record<string, number>> | null;
  readonly modelVersion: number;
  readonly modelDigest: string;
  /** The horizon of the facts that were used. */
  readonly factsAsOf: Date;
  readonly factsRevision: number;
  /** The run that answered. */
  readonly run: string;
  readonly decidedAt: Date;
}

/** What the next answer is made from: the version, and the horizon of the facts. */
export interface AnswerBasis {
  readonly modelDigest: string;
  readonly at: Horizon;
}

/** Which entities: all, or those whose answer is missing or no longer of this basis. */
export type AnswerSelection = 'stale' | 'all';

/** Ids after `after`, in order: up to `through`, or the first `limit` of them. */
export type IdRange = { readonly after: string | null } & ({ readonly through: string } | { readonly limit: number });

/**
 * A model's answers for the entities of a `latest` view of one key, and which are due. The table has the view's key, a column for
 * each output, `state`, and `model_version`, `model_digest`, `facts_as_of`, `facts_revision`, `run`, `decided_at`.
 */
export class ViewAnswers {
  constructor(
    private readonly database: Pick<Database, 'pool'>,
    readonly view: Pick<FeatureView, 'table' | 'key' | 'eventTime'>,
    /** `schema.table`. */
    readonly table: `${string}.${string}`,
    readonly outputs: readonly string[],
  ) {}

  get key(): string {
    return this.view.key[0]!;
  }

  async count(selection: AnswerSelection, basis: AnswerBasis): Promise<number> {
    const { text, values } = this.#due(selection, basis, 'count(*)::int');
    const { rows } = await this.database.pool.query<[number]>({ rowMode: 'array', text, values });
    return rows[0]![0];
  }

  /** Ids of entities that are due, in the order of their bytes. */
  async due(selection: AnswerSelection, basis: AnswerBasis, range: IdRange): Promise<readonly string[]> {
    const { text, values } = this.#due(selection, basis, `f.${this.key}`);
    const bounds = [range.after === null ? '' : ` and f.${this.key} > $${values.push(range.after)}`];
    if ('through' in range) bounds.push(` and f.${this.key} <= $${values.push(range.through)}`);
    const limit = 'limit' in range ? ` limit $${values.push(range.limit)}` : '';
    const { rows } = await this.database.pool.query<[string]>({
      rowMode: 'array',
      text: `${text}${bounds.join('')} order by f.${this.key}${limit}`,
      values,
    });
    return rows.map(([id]) => id);
  }

  /** The answers of `ids`, in their order; null for an entity that has none. One statement. */
  async byId(ids: readonly string[]): Promise<(KeptAnswer | null)[]> {
    const outputs = this.outputs.map((name) => `'${name}', ${name}`).join(', ');
    const { rows } = await this.database.pool.query<KeptAnswer>(
      `select ${this.key} as id, case when state = 'ANSWERED' then jsonb_build_object(${outputs}) end as outputs,
         model_version as "modelVersion", model_digest as "modelDigest", facts_as_of as "factsAsOf",
         facts_revision::float8 as "factsRevision", run, decided_at as "decidedAt"
       from ${this.table} where ${this.key} = any($1)`,
      [ids],
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  /** The entities in force within the horizon, joined with what is kept of them; more conditions may follow. */
  #due(selection: AnswerSelection, { modelDigest, at }: AnswerBasis, selected: string) {
    const { table, eventTime } = this.view;
    const { key } = this;
    const time = eventTime.column;
    const values: unknown[] = [at.asOf, at.revision];
    const conditions = [
      `f.${time} <= $1 and f.revision <= $2`,
      `not exists (select from ${table} newer where newer.${key} = f.${key}
         and (newer.${time}, newer.revision) > (f.${time}, f.revision) and newer.${time} <= $1 and newer.revision <= $2)`,
      ...(selection === 'stale'
        ? [
            `(a.${key} is null or a.model_digest <> $${values.push(modelDigest)}
              or f.${time} > a.facts_as_of or f.revision > a.facts_revision)`,
          ]
        : []),
    ];
    const text = `select ${selected} from ${table} f left join ${this.table} a using (${key}) where ${conditions.join(' and ')}`;
    return { text, values };
  }
}
