import type { RejectedRow } from '@haat/data-access';

/** Bad rows of files: how many were left out, and why (of each file the first thousand). */
export interface Rejects {
  readonly rejected: number;
  readonly rejects: readonly RejectedRow[];
}

/** Bad rows that a person is shown. */
const SHOWN = 10;

/** The first bad rows with their places and reasons, a line each; empty when there are none. */
export function rejectsText({ rejected, rejects }: Rejects): string {
  if (rejected === 0) return '';
  const shown = rejects.slice(0, SHOWN);
  const lines = shown.map(
    ({ file, line, column, reason }) => `  ${file}, line ${line}${column === null ? '' : `, ${column}`}: ${reason}`,
  );
  const rest = rejected > shown.length ? [`  and ${rejected - shown.length} more`] : [];
  return [`${rejected} bad rows were left out:`, ...lines, ...rest].join('\n');
}
