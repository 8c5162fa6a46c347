import { randomFillSync } from 'node:crypto';

import type { Horizon, ModelRef } from '@haat/kit';

import { dataAccessError } from '../data-access.errors.ts';
import type { Database } from '../database/database.connection.ts';
import type { NewPrediction, PredictionRecord } from './platform.records.ts';

const DAY_MS = 86_400_000;
/** Days whose partitions are made ahead, today included. */
const DAYS_AHEAD = 7;
/** SQLSTATE of what a function of ours refuses. */
const RAISED = 'P0001';

/** Predictions of a model that were recorded from `from` on and before `to`. */
export interface PredictionWindow {
  readonly model: string;
  readonly from: Date;
  readonly to: Date;
}

const columns =
  'id, recorded_at as "recordedAt", model, version, digest, as_of as "asOf", revision::float8 as revision, input, output';
const inWindow = 'model = $1 and recorded_at >= $2 and recorded_at < $3';

/** Served predictions, one partition a day. */
export class PredictionLog {
  /** The days whose partitions are known to exist, ms since the epoch. A clock may be set back: the first counts too. */
  #prepared = { from: 0, until: 0 };

  constructor(
    private readonly database: Database,
    private readonly clock: () => Date = () => new Date(),
  ) {}

  /**
   * Records predictions of one model and horizon in one statement; answers their ids, in order. With a `client`, in the
   * transaction that it has open.
   */
  async record(
    ref: ModelRef,
    at: Horizon,
    predictions: readonly NewPrediction[],
    client: Pick<Database['pool'], 'query'> = this.database.pool,
  ): Promise<string[]> {
    if (predictions.length === 0) return [];
    const now = this.clock();
    await this.prepare(now);
    const ids = timedIds(now, predictions.length);
    await client.query(
      `insert into platform.prediction (id, recorded_at, model, version, digest, as_of, revision, input, output)
       select id, $1, $2, $3, $4, $5, $6, input::jsonb, output::jsonb
       from unnest(string_to_array($7, e'\\n')::uuid[], string_to_array($8, e'\\n'), string_to_array($9, e'\\n')) as p (id, input, output)`,
      [
        now,
        ref.model,
        ref.version,
        ref.digest,
        at.asOf,
        at.revision,
        // A line each, which JSON never breaks: an array has every quote escaped here and undone there.
        ids.join('\n'),
        predictions.map(({ input }) => JSON.stringify(input)).join('\n'),
        predictions.map(({ output }) => JSON.stringify(output)).join('\n'),
      ],
    );
    return ids;
  }

  /** The prediction of this id; null when there is none, or when this role may not read it. */
  async read(id: string): Promise<PredictionRecord | null> {
    if (!/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i.test(id)) return null;
    const { rows } = await this.database.pool.query<PredictionRecord>(
      `select ${columns} from platform.prediction where id = $1 and recorded_at = $2`,
      [id, timeOf(id)],
    );
    return rows[0] ?? null;
  }

  /** As `read`. @throws UNKNOWN_PREDICTION */
  async require(id: string): Promise<PredictionRecord> {
    const record = await this.read(id);
    if (record !== null) return record;
    throw dataAccessError('UNKNOWN_PREDICTION', `No prediction "${id}" is kept`, { field: 'id', id });
  }

  /** A seeded sample of `rows` predictions of a window, or all that there are: the same seed over the same window answers the same. */
  async sample({ model, from, to }: PredictionWindow, rows: number, seed: number): Promise<PredictionRecord[]> {
    const found = await this.database.pool.query<PredictionRecord>(
      `select ${columns} from platform.prediction where ${inWindow}
       order by hashtextextended(id::text, $5), id limit $4`,
      [model, from, to, rows, seed],
    );
    return found.rows;
  }

  /** A seeded sample of `rows` distinct raw inputs of a window, or all that there are: what was asked often counts once. */
  async distinctInputs({ model, from, to }: PredictionWindow, rows: number, seed: number): Promise<unknown[]> {
    const found = await this.database.pool.query<{ input: unknown }>(
      `select input from platform.prediction where ${inWindow} group by input
       order by hashtextextended(input::text, $5), input limit $4`,
      [model, from, to, rows, seed],
    );
    return found.rows.map(({ input }) => input);
  }

  /** Predictions that these versions made, newest first, older than `before` where given. One statement, by index. */
  async ofVersions(
    versions: readonly Pick<ModelRef, 'model' | 'version'>[],
    first: number,
    before?: Pick<PredictionRecord, 'id' | 'recordedAt'>,
  ): Promise<PredictionRecord[]> {
    const { rows } = await this.database.pool.query<PredictionRecord>(
      `select ${columns}
       from unnest($1::text[], $2::integer[]) as v (of_model, of_version) cross join lateral (
         select * from platform.prediction where model = of_model and version = of_version
           and ($4::timestamptz is null or (recorded_at, id) < ($4, $5::uuid))
         order by recorded_at desc, id desc limit $3) p
       order by recorded_at desc, id desc limit $3`,
      [
        versions.map(({ model }) => model),
        versions.map(({ version }) => version),
        first,
        before?.recordedAt ?? null,
        before?.id ?? null,
      ],
    );
    return rows;
  }

  /** How many predictions these versions made: an index is counted, so it takes longer the more there are. */
  async countOfVersions(versions: readonly Pick<ModelRef, 'model' | 'version'>[]): Promise<number> {
    const { rows } = await this.database.pool.query<{ count: string }>(
      `select count(*) from platform.prediction where (model, version) in (select * from unnest($1::text[], $2::integer[]))`,
      [versions.map(({ model }) => model), versions.map(({ version }) => version)],
    );
    return Number(rows[0]!.count);
  }

  /**
   * Makes the partitions of today and the days to come, at most once a day: recording needs no other statement then.
   * @throws CLOCK_ASTRAY when our clock and the database's are days apart
   */
  async prepare(now: Date = this.clock()): Promise<void> {
    const { from, until } = this.#prepared;
    if (now.getTime() >= from && now.getTime() + DAY_MS < until) return;
    const today = now.getTime() - (now.getTime() % DAY_MS);
    const day = new Date(today).toISOString().slice(0, 10);
    await this.database.pool
      .query('select platform.make_prediction_partitions($1, $2)', [day, DAYS_AHEAD])
      .catch((cause: { code?: string }) => {
        if (cause.code !== RAISED) throw cause;
        throw dataAccessError(
          'CLOCK_ASTRAY',
          `Our clock says ${day}, which is days away from the database's: set both by NTP, then ask again`,
          { day },
          cause,
        );
      });
    this.#prepared = { from: today, until: today + DAYS_AHEAD * DAY_MS };
  }
}

/** UUIDs of version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then chance; so an id tells its partition. */
function timedIds(at: Date, count: number): string[] {
  const bytes = randomFillSync(Buffer.alloc(16 * count));
  return Array.from({ length: count }, (_, k) => {
    const start = 16 * k;
    bytes.writeUIntBE(at.getTime(), start, 6);
    bytes[start + 6] = 0x70 | (bytes[start + 6]! & 0x0f);
    bytes[start + 8] = 0x80 | (bytes[start + 8]! & 0x3f);
    const hex = bytes.toString('hex', start, start + 16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  });
}

function timeOf(id: string): Date {
  return new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16));
}
