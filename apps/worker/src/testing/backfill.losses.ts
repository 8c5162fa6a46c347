import type { Database } from '@haat/data-access';

/** What went wrong in a backfill of recommendations, in rows; all are 0 when nothing did. */
export interface BackfillLosses {
  /** Products that were due and have no recommendation by the run, or no before-image. */
  readonly lost: number;
  /** Products whose row, prediction or count was made more than once. */
  readonly double: number;
  /** Rows of which a part is missing or differs: recommendation, before-image, digest, prediction. */
  readonly half: number;
}

/** Compares what a run over every product left with what it should have left. */
export async function backfillLosses(
  { pool }: Pick<Database, 'pool'>,
  runId: string,
  products: number,
): Promise<BackfillLosses> {
  const { rows } = await pool.query<Record<keyof Counts, number>>(
    `with own as (select * from platform.backfill where run = $1),
       change as (select c.* from platform.backfill_change c join own on own.id = c.backfill),
       row as (select r.*, sha256(record_send(r)) as digest from packaging.recommendation r where run = $1),
       prediction as (
         select p.id::text, p.input ->> 'product_id' as product_id from platform.prediction p
         where p.recorded_at >= (select began_at from own) - interval '1 minute' and p.digest = (select model_digest from own)
           and p.as_of = (select (scope ->> 'asOf')::timestamptz from own)),
       chunk as (select sum(c.rows) as rows, sum(c.changed) as changed from platform.backfill_chunk c join own on own.id = c.backfill)
       select (select count(*) from change)::int as changes, (select count(*) from row)::int as rows,
         (select count(*) from prediction)::int as predictions,
         (select count(distinct product_id) from prediction)::int as "predictedProducts",
         (select done from own)::int as done, (select changed from own)::int as changed,
         (select rows from chunk)::int as "chunkRows", (select changed from chunk)::int as "chunkChanged",
         (select count(*) from change c left join row r on r.product_id = c.key left join prediction p on p.id = c.evidence ->> 'prediction' and p.product_id = c.key
          where r.digest is distinct from c.after_digest or p.id is null)::int as half`,
    [runId],
  );
  const found = rows[0]!;
  const short = (count: number) => Math.max(0, products - count);
  const over = (count: number) => Math.max(0, count - products);
  return {
    lost: Math.max(...[found.changes, found.rows, found.predictedProducts, found.done].map(short)),
    double: Math.max(...[found.predictions, found.done, found.changed, found.chunkRows, found.chunkChanged].map(over)),
    half: found.half,
  };
}

interface Counts {
  readonly changes: number;
  readonly rows: number;
  readonly predictions: number;
  readonly predictedProducts: number;
  readonly done: number;
  readonly changed: number;
  readonly chunkRows: number;
  readonly chunkChanged: number;
  readonly half: number;
}
