import type { ChangeReport, RowMove } from '@haat/data-access';
import type { BackfillTable } from './backfill.table.ts';

/** One group of rows as the statements of a table answer it. */
export interface MoveRow {
  /** False for rows that an undo keeps. */
  readonly moved: boolean;
  readonly had: boolean;
  readonly has: boolean;
  readonly label_before: string | null;
  readonly label_after: string | null;
  readonly rows: number;
  readonly examples: readonly string[];
  readonly [sum: string]: unknown;
}

/** How a row whose label is null is called: there is a row, and it names nothing. */
const nothing = '(none)';

export function reportOf({ measures }: BackfillTable, rows: readonly MoveRow[]): ChangeReport {
  return {
    moves: rows.filter(({ moved }) => moved).map((row) => moveOf(row, measures)),
    kept: rows
      .filter(({ moved }) => !moved)
      .map((row) => ({ reason: 'changed since', rows: row.rows, examples: row.examples })),
  };
}

export const changedRows = ({ moves }: ChangeReport): number => moves.reduce((sum, { rows }) => sum + rows, 0);

function moveOf(row: MoveRow, measures: readonly string[]): RowMove {
  const { had, has, label_before, label_after, rows, examples } = row;
  const sum = (name: string) => (row[name] ?? 0) as number;
  return {
    before: had ? (label_before ?? nothing) : null,
    after: has ? (label_after ?? nothing) : null,
    rows,
    examples,
    measures: Object.fromEntries(
      measures.map((name, at) => [name, { before: sum(`before_${at}`), after: sum(`after_${at}`) }]),
    ),
  };
}
