import type pg from 'pg';

import type { ListedContent } from './content.store.ts';

/** A version whose artifact or snapshot has a digest. */
export interface ReferringVersion {
  /** `packaging/damage@3` */
  readonly id: string;
  readonly domain: string;
  /** Null where it is not archived. */
  readonly archivedAt: Date | null;
  readonly aliases: readonly string[];
  readonly predicted: boolean;
  /** A backfill whose rows it computed and whose before-images are kept; null where there is none. */
  readonly backfilledBy: string | null;
  /** A run of its model that began before it was archived and has not ended; null where there is none. */
  readonly runInFlight: string | null;
}

/** Who may need a digest. */
export interface ContentNeeds {
  readonly digest: string;
  readonly versions: readonly ReferringVersion[];
  /** Runs in flight that stored it. */
  readonly holds: readonly string[];
}

/** Whether content may go, and why or why not, for people. */
export interface Verdict {
  readonly collect: boolean;
  readonly why: string;
}

/** Content that nobody needs goes; `cutoff` is the end of the time that has to have passed since. */
export function verdictOn(
  { storedAt }: Pick<ListedContent, 'storedAt'>,
  { versions, holds }: Pick<ContentNeeds, 'versions' | 'holds'>,
  cutoff: Date,
): Verdict {
  const kept = (why: string): Verdict => ({ collect: false, why });
  if (holds.length > 0) return kept(`run ${holds[0]} is in flight and stored it`);
  for (const { id, archivedAt, aliases, predicted, backfilledBy, runInFlight } of versions) {
    if (aliases.length > 0) return kept(`${id} is the ${aliases.join(', ')}`);
    if (archivedAt === null) return kept(`${id} is not archived`);
    if (predicted) return kept(`predictions that are kept were made by ${id}`);
    if (backfilledBy !== null)
      return kept(`rows that run ${backfilledBy} wrote, and that can be undone, were computed by ${id}`);
    if (runInFlight !== null) return kept(`run ${runInFlight} is in flight and may need ${id}`);
    if (archivedAt > cutoff) return kept(`${id} is archived only since ${archivedAt.toISOString()}`);
  }
  if (versions.length > 0) return { collect: true, why: `archived: ${versions.map(({ id }) => id).join(', ')}` };
  if (storedAt > cutoff) return kept(`nobody refers to it, and it is here only since ${storedAt.toISOString()}`);
  return { collect: true, why: 'nobody refers to it' };
}

/** Who needs these digests, one row each, in one statement. With `lock`, the versions stay as they are to the end of the transaction. */
export async function contentNeeds(
  client: Pick<pg.ClientBase, 'query'>,
  digests: readonly string[],
  lock = false,
): Promise<ContentNeeds[]> {
  if (lock) {
    await client.query(
      'select from platform.model_version where digest = any($1) or dataset_digest = any($1) order by model, version for update',
      [digests],
    );
  }
  const { rows } = await client.query<{ digest: string; versions: StoredVersion[]; holds: string[] }>(needsStatement, [
    digests,
  ]);
  return rows.map(({ digest, versions, holds }) => ({
    digest,
    holds,
    versions: versions.map((one) => ({
      ...one,
      archivedAt: one.archivedAt === null ? null : new Date(one.archivedAt),
    })),
  }));
}

type StoredVersion = Omit<ReferringVersion, 'archivedAt'> & { readonly archivedAt: string | null };

const needsStatement = `
  select d.digest,
    coalesce((select jsonb_agg(jsonb_build_object(
        'id', v.model || '@' || v.version,
        'domain', split_part(v.model, '/', 1),
        'archivedAt', v.archived_at,
        'aliases', (select coalesce(jsonb_agg(a.alias order by a.alias), '[]') from platform.model_alias a
                    where a.model = v.model and a.version = v.version),
        'predicted', v.archived_at is not null and exists (select from platform.prediction p
                    where p.model = v.model and p.version = v.version),
        'backfilledBy', (select min(b.run) from platform.backfill b join platform.run r on r.id = b.run
                    where b.model_digest = v.digest and b.changed > 0 and b.collected_at is null
                      and r.options -> 'dryRun' is distinct from 'true'),
        'runInFlight', (select min(r.id) from platform.run r
                    where r.model = v.model and r.finished_at is null and r.created_at < v.archived_at)
      ) order by v.model, v.version)
      from (select * from platform.model_version where digest = d.digest
            union select * from platform.model_version where dataset_digest = d.digest) v), '[]') as versions,
    array(select h.run_id from platform.content_hold h join platform.run r on r.id = h.run_id
          where h.digest = d.digest and r.finished_at is null order by h.run_id) as holds
  from unnest($1::text[]) as d (digest)`;
