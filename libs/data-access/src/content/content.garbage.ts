import type pg from 'pg';

import { lease, type Database } from '../database/database.connection.ts';
import { AuditTrail } from '../platform/audit.trail.ts';
import type { Deed } from '../platform/model.lifecycle.ts';
import { digestLock } from './content.holds.ts';
import { contentNeeds, verdictOn, type ContentNeeds, type Verdict } from './content.needs.ts';
import type { ContentStore, ListedContent, StoredContent } from './content.store.ts';

/** One file of the store, and why it goes or stays. */
export interface JudgedContent extends StoredContent {
  readonly why: string;
}

export interface GarbageReport {
  /** What went; with a dry run, what would go. */
  readonly collected: readonly JudgedContent[];
  readonly kept: readonly JudgedContent[];
}

interface Judgement {
  readonly content: ListedContent;
  readonly verdict: Verdict;
}

/** Digests that one statement asks about. */
const CHUNK = 500;

/**
 * Collects what nobody needs any more from the store: artifacts and snapshots of versions that are archived since before
 * `cutoff`, and what neither a version nor a run in flight refers to and is older than it.
 */
export class ContentGarbage {
  constructor(
    private readonly database: Database,
    private readonly store: ContentStore,
  ) {}

  /** What would go, and why everything else stays. Changes nothing. */
  async judge(cutoff: Date): Promise<GarbageReport> {
    return reportOf(await this.#judged(cutoff));
  }

  /** Removes what may go, each file judged again under its lock, with an entry in the audit trail, and what runs that have ended held. Doing it twice removes once. */
  async collect(cutoff: Date, deed: Deed): Promise<GarbageReport> {
    const outcomes: Judgement[] = [];
    for (const { content, verdict } of await this.#judged(cutoff)) {
      outcomes.push({ content, verdict: verdict.collect ? await this.#collectOne(content, cutoff, deed) : verdict });
    }
    await this.database.pool.query(
      'delete from platform.content_hold h using platform.run r where r.id = h.run_id and r.finished_at is not null',
    );
    return reportOf(outcomes);
  }

  async #judged(cutoff: Date): Promise<Judgement[]> {
    const judged: Judgement[] = [];
    for await (const chunk of inChunks(this.store.list())) {
      const needs = await contentNeeds(
        this.database.pool,
        chunk.map(({ digest }) => digest),
      );
      const byDigest = new Map(needs.map((one) => [one.digest, one]));
      for (const content of chunk) {
        judged.push({ content, verdict: verdictOn(content, byDigest.get(content.digest)!, cutoff) });
      }
    }
    return judged.sort((a, b) => (a.content.digest < b.content.digest ? -1 : 1));
  }

  /**
   * Under the lock of its digest, which outlasts the transaction: what is to go is marked first, so that a crash before the
   * removal leaves a version that says it cannot be taken back, never one whose artifact is missing.
   */
  async #collectOne(content: ListedContent, cutoff: Date, deed: Deed): Promise<Verdict> {
    const { digest } = content;
    const client = await lease(this.database);
    try {
      await client.query(`select pg_advisory_lock(${digestLock})`, [digest]);
      await client.query('begin');
      const [needs] = await contentNeeds(client, [digest], true);
      const verdict = verdictOn(content, needs!, cutoff);
      if (verdict.collect) await this.#mark(client, content, needs!, verdict.why, deed);
      await client.query('commit');
      if (verdict.collect) await this.store.remove(digest);
      await client.query(`select pg_advisory_unlock(${digestLock})`, [digest]);
      client.release();
      return verdict;
    } catch (failure) {
      // Ends the session, and with it the transaction and the lock.
      client.release(true);
      throw failure;
    }
  }

  async #mark(
    client: pg.PoolClient,
    { digest, bytes }: ListedContent,
    { versions }: ContentNeeds,
    why: string,
    deed: Deed,
  ): Promise<void> {
    await client.query(
      'update platform.model_version set collected_at = coalesce(collected_at, now()) where digest = $1 or dataset_digest = $1',
      [digest],
    );
    await client.query('delete from platform.content_hold where digest = $1', [digest]);
    await new AuditTrail(this.database).record(
      {
        ...deed,
        action: 'content.collect',
        subject: `content/${digest}`,
        domain: versions[0]?.domain ?? 'platform',
        details: { ...deed.details, bytes, why, versions: versions.map(({ id }) => id) },
      },
      client,
    );
  }
}

function reportOf(judgements: readonly Judgement[]): GarbageReport {
  const part = (wanted: boolean) =>
    judgements
      .filter(({ verdict }) => verdict.collect === wanted)
      .map(({ content: { digest, bytes }, verdict: { why } }) => ({ digest, bytes, why }));
  return { collected: part(true), kept: part(false) };
}

async function* inChunks(contents: AsyncIterable<ListedContent>): AsyncGenerator<ListedContent[]> {
  let chunk: ListedContent[] = [];
  for await (const content of contents) {
    chunk.push(content);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
