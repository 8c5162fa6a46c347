import type { Database } from '../database/database.connection.ts';

/** One feature of a day beside the training snapshot of the champion of that day. */
export interface DriftedFeature {
  readonly feature: string;
  /** Population stability index, nat. */
  readonly psi: number;
  /** What the index stays below without drift; null where there was too little to judge. */
  readonly threshold: number | null;
  readonly missingShare: number;
  readonly referenceMissingShare: number;
  /** Whether the values or the missing share are beyond chance. */
  readonly drifted: boolean;
  /** Shares of the rows by bin; what is missing is in none. */
  readonly bins: {
    readonly labels: readonly string[];
    readonly reference: readonly number[];
    readonly served: readonly number[];
  };
}

export interface DriftProfile {
  readonly model: string;
  /** YYYY-MM-DD, UTC. */
  readonly day: string;
  /** The champion whose snapshot is the reference. */
  readonly version: number;
  /** Distinct inputs of the day. */
  readonly rows: number;
  readonly referenceRows: number;
  readonly features: readonly DriftedFeature[];
}

/** Daily profiles of what models are asked. */
export class DriftLog {
  constructor(private readonly database: Pick<Database, 'pool'>) {}

  /** Keeps the profile of a day; one that is there already is replaced. One statement. */
  async save({ model, day, version, rows, referenceRows, features }: DriftProfile): Promise<void> {
    await this.database.pool.query(
      `insert into platform.drift_profile (model, day, version, rows, reference_rows, features)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (model, day) do update set version = excluded.version, rows = excluded.rows,
         reference_rows = excluded.reference_rows, features = excluded.features, profiled_at = now()`,
      [model, day, version, rows, referenceRows, JSON.stringify(features)],
    );
  }

  /** The last `days` profiles of a model, the oldest first. */
  async profiles(model: string, days: number): Promise<DriftProfile[]> {
    const { rows } = await this.database.pool.query<DriftProfile>(
      `select * from (select ${columns} from platform.drift_profile where model = $1 order by day desc limit $2) newest
       order by day`,
      [model, days],
    );
    return rows;
  }

  /** The newest profile of every model. */
  async newest(): Promise<DriftProfile[]> {
    const { rows } = await this.database.pool.query<DriftProfile>(
      `select distinct on (model) ${columns} from platform.drift_profile order by model, drift_profile.day desc`,
    );
    return rows;
  }
}

const columns = 'model, day::text as day, version, rows, reference_rows as "referenceRows", features';
