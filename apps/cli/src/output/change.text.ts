import type { ChangeReport } from '../gateway/backfill.queries.ts';
import { number, rupees, table } from './table.ts';

type Move = ChangeReport['moves'][number];

/** What changes: a line for each before -> after, with sums of what is measured, and what was kept. */
export function changeText({ moves, kept }: ChangeReport): string {
  if (moves.length === 0 && kept.length === 0) return 'Nothing changes.';
  const names = [...new Set(moves.flatMap(({ measures }) => measures.map(({ name }) => name)))];
  const lines = table(moves, {
    before: ({ before }) => before,
    after: ({ after }) => after,
    rows: ({ rows }) => rows,
    ...Object.fromEntries(names.map((name) => [name, (move: Move) => sums(move, name)])),
    examples: ({ examples }) => examples.slice(0, 3).join(', '),
  });
  const left = kept.map(({ reason, rows, examples }) => `Kept, ${reason}: ${rows} rows (${examples.join(', ')})`);
  return [...(moves.length > 0 ? [lines] : []), ...left].join('\n');
}

function sums({ measures }: Move, name: string): string {
  const { before, after } = measures.find((one) => one.name === name) ?? { before: 0, after: 0 };
  const text = name.endsWith('_inr') ? rupees : number;
  return `${text(before)} -> ${text(after)}`;
}
