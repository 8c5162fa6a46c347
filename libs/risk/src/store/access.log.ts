import type { Database } from '@haat/data-access';
import type { Actor } from '@haat/kit';

/** Somebody was shown what was inferred of a person. */
export interface RiskAccess {
  readonly id: number;
  readonly at: Date;
  readonly actor: string;
  readonly origin: string;
  readonly personId: string;
  /** What was shown: `riskTimeline`, `explanation`. */
  readonly fields: string;
}

/** Who was shown whose risk. Entries are added and read, never changed: the database sees to that. */
export class AccessLog {
  constructor(private readonly database: Pick<Database, 'pool'>) {}

  /** Writes down that somebody is about to be shown something of each of these persons. One statement. */
  async record(
    { subject, origin }: Pick<Actor, 'subject' | 'origin'>,
    fields: string,
    ids: readonly string[],
  ): Promise<void> {
    await this.database.pool.query(
      'insert into risk.access_log (actor, origin, fields, person_id) select $1, $2, $3, unnest($4::text[])',
      [subject, origin, fields, ids],
    );
  }

  /** Of one person, newest first; `before` answers those older than this id. */
  async page(personId: string, first: number, before?: number): Promise<RiskAccess[]> {
    const { rows } = await this.database.pool.query<Omit<RiskAccess, 'id' | 'personId'> & { id: string }>(
      `select id, at, actor, origin, fields from risk.access_log
       where person_id = $1 and ($2::bigint is null or id < $2) order by id desc limit $3`,
      [personId, before ?? null, first],
    );
    return rows.map((row) => ({ ...row, id: Number(row.id), personId }));
  }
}
