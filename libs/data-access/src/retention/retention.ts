import type { Database } from '../database/database.connection.ts';
import type { Deed } from '../platform/model.lifecycle.ts';
import { BeforeImages } from './before.images.ts';
import { PredictionDays } from './prediction.days.ts';
import type { JudgedRecords, JudgedRecordsWithVerdict, RetentionPolicy } from './retention.policy.ts';

export interface RetentionReport {
  /** What went; with a dry run, what would go. */
  readonly collected: readonly JudgedRecords[];
  readonly kept: readonly JudgedRecords[];
}

/** Collects the predictions and the before-images whose promised time is over and that nothing in flight needs. */
export class Retention {
  readonly #images: BeforeImages;
  readonly #days: PredictionDays;

  constructor(
    database: Database,
    readonly policy: RetentionPolicy,
  ) {
    this.#images = new BeforeImages(database, policy.undoDays);
    this.#days = new PredictionDays(database, policy.predictionDays);
  }

  /** What would go, and why everything else stays. Changes nothing. */
  async judge(now: Date): Promise<RetentionReport> {
    const images = await this.#images.judge(now);
    const gone = images.filter(({ collect }) => collect).map((one) => one.images.run);
    return reportOf([...images, ...(await this.#days.judge(now, gone))]);
  }

  /** Removes what may go, each judged again under its lock. Doing it twice, or again after a crash, removes once. */
  async collect(now: Date, deed: Deed): Promise<RetentionReport> {
    const outcomes: JudgedRecordsWithVerdict[] = [];
    for (const judged of await this.#images.judge(now)) {
      outcomes.push(judged.collect ? await this.#images.collect(judged, now, deed) : judged);
    }
    for (const judged of await this.#days.judge(now, [])) {
      outcomes.push(judged.collect ? await this.#days.collect(judged, now, deed) : judged);
    }
    return reportOf(outcomes);
  }
}

function reportOf(judged: readonly JudgedRecordsWithVerdict[]): RetentionReport {
  const part = (wanted: boolean) =>
    judged.filter(({ collect }) => collect === wanted).map(({ id, bytes, rows, why }) => ({ id, bytes, rows, why }));
  return { collected: part(true), kept: part(false) };
}
