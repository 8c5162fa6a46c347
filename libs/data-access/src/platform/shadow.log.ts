import type { Database } from '../database/database.connection.ts';

/** How the answers of a shadow differed from the champion's, over some rows. */
export interface ShadowDifferences {
  readonly model: string;
  /** Version that answered. */
  readonly champion: number;
  /** Version that answered beside it. */
  readonly shadow: number;
  /** Rows that both answered. */
  readonly rows: number;
  /** Rows in which some output differs by more than the tolerance, or cannot be compared. */
  readonly differing: number;
  /** Rows that were not compared because too many waited. */
  readonly dropped: number;
  /** Rows that the shadow could not answer. */
  readonly failed: number;
  /** Largest absolute difference of an output. */
  readonly largest: number;
}

export interface ShadowDay extends ShadowDifferences {
  /** UTC, `2026-01-31`. */
  readonly day: string;
}

/** Differences between shadows and champions, by day. */
export class ShadowLog {
  constructor(private readonly database: Database) {}

  /** Adds to the day of `now`; several apps may at once. */
  async add(differences: readonly ShadowDifferences[], now: Date): Promise<void> {
    if (differences.length === 0) return;
    const column = (name: keyof ShadowDifferences) => differences.map((one) => one[name]);
    await this.database.pool.query(
      `insert into platform.shadow_day as d (day, model, champion, shadow, rows, differing, dropped, failed, largest)
       select $1::date, * from unnest($2::text[], $3::int[], $4::int[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::float8[])
       order by 2, 3, 4
       on conflict (model, day, champion, shadow) do update set rows = d.rows + excluded.rows,
         differing = d.differing + excluded.differing, dropped = d.dropped + excluded.dropped,
         failed = d.failed + excluded.failed, largest = greatest(d.largest, excluded.largest)`,
      [
        now.toISOString().slice(0, 10),
        ...(['model', 'champion', 'shadow', 'rows', 'differing', 'dropped', 'failed', 'largest'] as const).map(column),
      ],
    );
  }

  /** Days of a model, the newest first. */
  async days(model: string, first: number): Promise<ShadowDay[]> {
    const { rows } = await this.database.pool.query<Record<keyof ShadowDay, string>>(
      `select day::text, model, champion, shadow, rows, differing, dropped, failed, largest from platform.shadow_day
       where model = $1 order by day desc, champion desc, shadow desc limit $2`,
      [model, first],
    );
    return rows.map(({ day, model: name, ...numbers }) => ({
      day,
      model: name,
      champion: Number(numbers.champion),
      shadow: Number(numbers.shadow),
      rows: Number(numbers.rows),
      differing: Number(numbers.differing),
      dropped: Number(numbers.dropped),
      failed: Number(numbers.failed),
      largest: Number(numbers.largest),
    }));
  }
}
