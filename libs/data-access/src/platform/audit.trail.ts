import type { Actor } from '@haat/kit';

import type { Database } from '../database/database.connection.ts';

/** One thing that somebody did. */
export interface NewAuditEntry {
  readonly actor: Pick<Actor, 'subject' | 'origin'>;
  /** `<thing>.<verb>`: `model.promote`, `backfill.undo`, `key.revoke`. */
  readonly action: string;
  /** What it was done to: `packaging/damage@3`, a run's id, a key's name. */
  readonly subject: string;
  /** The domain that the subject belongs to; `platform` for what belongs to all. */
  readonly domain: string;
  readonly reason?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

export interface AuditEntry extends Required<Omit<NewAuditEntry, 'actor' | 'reason'>> {
  readonly id: number;
  readonly at: Date;
  readonly actor: string;
  readonly origin: string;
  readonly reason: string | null;
}

export interface AuditFilter {
  /** A version's entries are also those by which another one took an alias from it. */
  readonly subject?: string | undefined;
  readonly actor?: string | undefined;
  /** Domains whose entries are answered; all where absent. */
  readonly domains?: readonly string[] | undefined;
  /** Answers entries older than this id. */
  readonly before?: number | undefined;
}

/** Who did what to what, why, and from where. Entries are added and read, never changed: the database sees to that. */
export class AuditTrail {
  constructor(private readonly database: Pick<Database, 'pool'>) {}

  /** Writes one entry; with a `client`, in the transaction that it has open, so that deed and entry stand or fall together. */
  async record(entry: NewAuditEntry, client: Pick<Database['pool'], 'query'> = this.database.pool): Promise<void> {
    const { actor, action, subject, domain, reason, details } = entry;
    await client.query(
      `insert into platform.audit (actor, origin, action, subject, domain, reason, details)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [actor.subject, actor.origin, action, subject, domain, reason ?? null, JSON.stringify(details ?? {})],
    );
  }

  /** Entries, newest first. */
  async page(first: number, { subject, actor, domains, before }: AuditFilter = {}): Promise<AuditEntry[]> {
    const { rows } = await this.database.pool.query<AuditEntry & { id: string }>(
      `select id, at, actor, origin, action, subject, domain, reason, details from platform.audit
       where ($2::text is null or subject = $2 or split_part(subject, '@', 1) || '@' || (details ->> 'from') = $2) and ($3::text is null or actor = $3)
         and ($4::text[] is null or domain = any($4)) and ($5::bigint is null or id < $5)
       order by id desc limit $1`,
      [first, subject ?? null, actor ?? null, domains ?? null, before ?? null],
    );
    return rows.map((row) => ({ ...row, id: Number(row.id) }));
  }
}
