const tables = ['backfill', 'backfill_chunk', 'backfill_change'];

/** SQL that lets a domain's task keep backfills of its own domain. Chunks are added and never changed. */
export function backfillAccess(domain: string): string[] {
  const task = `haat_${domain}_task`;
  return [
    ...tables.map((table) => `grant select, insert on platform.${table} to ${task}`),
    `grant update (done, changed, paused_at, closed_at) on platform.backfill to ${task}`,
    `grant update (undone_by) on platform.backfill_change to ${task}`,
    ...tables.map(
      (table) =>
        `create policy ${domain}_${table} on platform.${table} to ${task} using (domain = '${domain}') with check (domain = '${domain}')`,
    ),
  ];
}

/** SQL that takes back what `backfillAccess` gave. */
export function revokeBackfillAccess(domain: string): string[] {
  return tables.flatMap((table) => [
    `drop policy ${domain}_${table} on platform.${table}`,
    `revoke all on platform.${table} from haat_${domain}_task`,
  ]);
}
