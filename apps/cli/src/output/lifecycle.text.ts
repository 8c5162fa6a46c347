import { HAAT } from '@haat/kit';
import type { ComparedFact, Comparison, Dataset, GarbageReport, ShadowDay } from '../gateway/lifecycle.queries.ts';
import { figure } from './evaluation.text.ts';
import { pairs, percent, table } from './table.ts';

/** Characters of a digest or a text that a column shows. */
const WIDTH = 40;

/** Two versions side by side: metrics in full, of facts those that differ. */
export function comparisonText({ a, b, metrics, ...facts }: Comparison): string {
  const number = (value: number | null) => (value === null ? null : figure(value));
  const measured = table(metrics, {
    metric: ({ name }) => name,
    [a.id]: (metric) => number(metric.a),
    [b.id]: (metric) => number(metric.b),
    better: ({ better }) => (better === 'a' ? a.id : better === 'b' ? b.id : better),
  });
  const parts = (['options', 'features', 'lineage', 'gates'] as const).map((part) =>
    factsText(part, facts[part], a.id, b.id),
  );
  return [measured, ...parts].join('\n\n');
}

function factsText(part: string, facts: readonly ComparedFact[], a: string, b: string): string {
  const differing = facts.filter(({ same }) => !same);
  if (differing.length === 0) return `${part}: ${facts.length === 0 ? 'not known' : `the same (${facts.length})`}`;
  const short = (text: string | null) => (text !== null && text.length > WIDTH ? `${text.slice(0, WIDTH)}…` : text);
  return table(differing, {
    [part]: ({ name }) => name,
    [a]: (fact) => short(fact.a),
    [b]: (fact) => short(fact.b),
  });
}

export function garbageText({ dryRun, collected, kept }: GarbageReport): string {
  const list = (rows: GarbageReport['kept']) =>
    table(rows, { digest: ({ digest }) => digest.slice(0, 12), bytes: ({ bytes }) => bytes, why: ({ why }) => why });
  const bytes = collected.reduce((sum, one) => sum + one.bytes, 0);
  return [
    `${dryRun ? 'Would collect' : 'Collected'} ${collected.length} (${bytes} bytes)`,
    ...(collected.length > 0 ? [list(collected)] : []),
    '',
    `${dryRun ? 'Would keep' : 'Kept'} ${kept.length}`,
    ...(kept.length > 0 ? [list(kept)] : []),
    ...(dryRun && collected.length > 0 ? ['', `Nothing was removed. Do it with: ${HAAT} models gc`] : []),
  ].join('\n');
}

export function shadowText(days: readonly ShadowDay[]): string {
  if (days.length === 0) return `No shadow has answered yet. Set one with: ${HAAT} models alias MODEL shadow VERSION`;
  return table(days, {
    day: ({ day }) => day,
    champion: ({ champion }) => champion,
    shadow: ({ shadow }) => shadow,
    rows: ({ rows }) => rows,
    differing: ({ rows, differing }) => (rows === 0 ? '-' : percent(differing / rows)),
    largest: ({ largest }) => figure(largest),
    dropped: ({ dropped }) => dropped,
    failed: ({ failed }) => failed,
  });
}

export function datasetText({ digest, rows, asOf, predictionCount, versions }: Dataset): string {
  const facts = pairs({ snapshot: digest, rows, 'as of': asOf, predictions: predictionCount });
  const trained = table(versions, {
    version: ({ id }) => id,
    artifact: (version) => version.digest.slice(0, 12),
    'stands for': ({ aliases }) => aliases.join(', ') || null,
    archived: ({ archivedAt }) => archivedAt,
  });
  return `${facts}\n\n${trained}`;
}
