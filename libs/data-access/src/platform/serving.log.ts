import type { Database } from '../database/database.connection.ts';

/** A version that an app would not take up, and why. */
export interface RefusedVersion {
  readonly version: number;
  /** From the tables of errors; INTERNAL where the cause is in the app's log alone. */
  readonly code: string;
  /** Fit for a client's eyes. */
  readonly reason: string;
}

/** What one app answers with where an alias is asked for. */
export interface ServedAlias {
  readonly model: string;
  readonly alias: string;
  /** The version that answers; null while none does. */
  readonly version: number | null;
  /** The version that has the alias and was refused; null where what has it answers. */
  readonly refused: RefusedVersion | null;
}

export interface ServingInstance extends ServedAlias {
  /** Names one process of an app. */
  readonly instance: string;
  readonly seenAt: Date;
}

/** An app that has said nothing for this long is taken for gone, ms. */
export const GONE_AFTER_MS = 20_000;

/** What the running apps answer with, as they say themselves. */
export class ServingLog {
  constructor(private readonly database: Database) {}

  /** Writes what `instance` answers with now, and forgets those of the same models that are long gone. */
  async report(instance: string, served: readonly ServedAlias[]): Promise<void> {
    await this.database.pool.query(
      `with gone as (
         delete from platform.served_alias where model = any ($2) and seen_at < clock_timestamp() - interval '1 day')
       insert into platform.served_alias as s (instance, model, alias, version, refused_version, refused_code, refused_reason)
       select $1, * from unnest($2::text[], $3::text[], $4::int[], $5::int[], $6::text[], $7::text[])
       on conflict (model, alias, instance) do update set version = excluded.version, refused_version = excluded.refused_version,
         refused_code = excluded.refused_code, refused_reason = excluded.refused_reason, seen_at = clock_timestamp()`,
      [
        instance,
        served.map(({ model }) => model),
        served.map(({ alias }) => alias),
        served.map(({ version }) => version),
        served.map(({ refused }) => refused?.version),
        served.map(({ refused }) => refused?.code),
        served.map(({ refused }) => refused?.reason),
      ],
    );
  }

  /** `instance` answers no more. */
  async withdraw(instance: string): Promise<void> {
    await this.database.pool.query('delete from platform.served_alias where instance = $1', [instance]);
  }

  /** What the apps that run now answer with, by model, alias and instance. */
  async instances(models: readonly string[]): Promise<ServingInstance[]> {
    const { rows } = await this.database.pool.query<Row>(
      `select instance, model, alias, version, refused_version, refused_code, refused_reason, seen_at from platform.served_alias
       where model = any ($1) and seen_at > clock_timestamp() - $2::int * interval '1 ms' order by model, alias, instance`,
      [models, GONE_AFTER_MS],
    );
    return rows.map(({ instance, model, alias, version, seen_at: seenAt, ...row }) => ({
      instance,
      model,
      alias,
      version,
      seenAt,
      refused:
        row.refused_version === null
          ? null
          : { version: row.refused_version, code: row.refused_code!, reason: row.refused_reason! },
    }));
  }
}

interface Row {
  readonly instance: string;
  readonly model: string;
  readonly alias: string;
  readonly version: number | null;
  readonly refused_version: number | null;
  readonly refused_code: string | null;
  readonly refused_reason: string | null;
  readonly seen_at: Date;
}
