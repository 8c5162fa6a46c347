/** Sums of one number over the rows of a move, as they were and as they are. */
export interface MeasureChange {
  readonly before: number;
  readonly after: number;
}

/** Rows that went from one value to another; null: there was no row, or there is none any more. */
export interface RowMove {
  readonly before: string | null;
  readonly after: string | null;
  readonly rows: number;
  /** A few keys, for looking at. */
  readonly examples: readonly string[];
  readonly measures: Readonly<Record<string, MeasureChange>>;
}

/** What a chunk, or a whole run, changes: rows by the value that people look at. */
export interface ChangeReport {
  readonly moves: readonly RowMove[];
  /** Rows that were left as they are, by the reason, each with a few keys. */
  readonly kept: readonly { readonly reason: string; readonly rows: number; readonly examples: readonly string[] }[];
}

/** Keys that a report names of each move. */
export const examplesOfMove = 5;

export const emptyReport: ChangeReport = { moves: [], kept: [] };

/** The report of all chunks together; moves of the most rows first. */
export function mergedReport(reports: Iterable<ChangeReport>): ChangeReport {
  const moves = new Map<string, RowMove>();
  const kept = new Map<string, ChangeReport['kept'][number]>();
  for (const report of reports) {
    for (const move of report.moves) {
      const key = JSON.stringify([move.before, move.after]);
      const known = moves.get(key);
      moves.set(key, known === undefined ? move : sumOf(known, move));
    }
    for (const one of report.kept) {
      const { rows = 0, examples = [] } = kept.get(one.reason) ?? {};
      kept.set(one.reason, { ...one, rows: rows + one.rows, examples: few([...examples, ...one.examples]) });
    }
  }
  return {
    moves: [...moves.values()].sort((a, b) => b.rows - a.rows || order(a) - order(b)),
    kept: [...kept.values()],
  };
}

function sumOf(a: RowMove, b: RowMove): RowMove {
  const measures = Object.entries(a.measures).map(([name, { before, after }]) => {
    const other = b.measures[name] ?? { before: 0, after: 0 };
    return [name, { before: before + other.before, after: after + other.after }] as const;
  });
  return {
    ...a,
    rows: a.rows + b.rows,
    examples: few([...a.examples, ...b.examples]),
    measures: Object.fromEntries(measures),
  };
}

const few = (keys: readonly string[]) => keys.slice(0, examplesOfMove);
const order = ({ before, after }: RowMove) => (before === after ? 1 : 0);
