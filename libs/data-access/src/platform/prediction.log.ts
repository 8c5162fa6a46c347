import { randomFillSync } from 'node:crypto';

import type { ModelRef } from '@haat/kit';

import type { Database } from '../database/database.connection.ts';
import type { NewPrediction, PredictionRecord } from './platform.records.ts';

const DAY_MS = 86_400_000;
/** Days whose partitions are made ahead, today included. */
const DAYS_AHEAD = 7;

/** Served predictions, one partition a day. */
export class PredictionLog {
  /** End of the last day whose partition is known to exist, ms since the epoch. */
  #preparedUntil = 0;

  constructor(
    private readonly database: Database,
    private readonly clock: () => Date = () => new Date(),
  ) {}

  /** Records predictions of one model and `asOf` in one statement; answers their ids, in order. */
  async record(ref: ModelRef, asOf: Date, predictions: readonly NewPrediction[]): Promise<string[]> {
    if (predictions.length === 0) return [];
    const now = this.clock();
    await this.prepare(now);
    const ids = timedIds(now, predictions.length);
    await this.database.pool.query(
      `insert into platform.prediction (id, recorded_at, model, version, digest, as_of, input, output)
       select id, $1, $2, $3, $4, $5, input, output from unnest($6::uuid[], $7::jsonb[], $8::jsonb[]) as p (id, input, output)`,
      [
        now,
        ref.model,
        ref.version,
        ref.digest,
        asOf,
        ids,
        predictions.map(({ input }) => JSON.stringify(input)),
        predictions.map(({ output }) => JSON.stringify(output)),
      ],
    );
    return ids;
  }

  /** The prediction of this id; null when there is none, or when this role may not read it. */
  async read(id: string): Promise<PredictionRecord | null> {
    if (!/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i.test(id)) return null;
    const { rows } = await this.database.pool.query<PredictionRecord>(
      `select id, recorded_at as "recordedAt", model, version, digest, as_of as "asOf", input, output
       from platform.prediction where id = $1 and recorded_at = $2`,
      [id, timeOf(id)],
    );
    return rows[0] ?? null;
  }

  /** Makes the partitions of today and the days to come, at most once a day: recording needs no other statement then. */
  async prepare(now: Date = this.clock()): Promise<void> {
    if (now.getTime() + DAY_MS < this.#preparedUntil) return;
    const today = now.getTime() - (now.getTime() % DAY_MS);
    await this.database.pool.query('select platform.make_prediction_partitions($1, $2)', [
      new Date(today).toISOString().slice(0, 10),
      DAYS_AHEAD,
    ]);
    this.#preparedUntil = today + DAYS_AHEAD * DAY_MS;
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
