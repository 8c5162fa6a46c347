import { HAAT } from '@haat/kit';
import type { DriftDay } from '../gateway/monitoring.queries.ts';
import { percent, table } from './table.ts';

const bars = '▁▂▃▄▅▆▇█';

/** The newest day as a table, each feature with the days before it as a line. */
export function driftText(days: readonly DriftDay[]): string {
  const newest = days.at(-1);
  if (newest === undefined) return `No day is profiled yet. Make one with: ${HAAT} drift profile MODEL`;
  const { day, version, rows, features } = newest;
  const drifted = features.filter((one) => one.drifted).map(({ feature }) => feature);
  return [
    `${day}, ${rows} rows, beside what version ${version} learned from:`,
    '',
    table(features, {
      feature: ({ feature }) => feature,
      PSI: ({ psi }) => psi.toFixed(4),
      'chance below': ({ threshold }) => threshold?.toFixed(4),
      missing: ({ missingShare }) => percent(missingShare),
      days: ({ feature }) => days.map((one) => barOf(one, feature)).join(''),
      '': (one) => (one.drifted ? 'DRIFT' : ''),
    }),
    '',
    drifted.length === 0 ? 'Nothing drifts.' : `Beyond chance: ${drifted.join(', ')}.`,
  ].join('\n');
}

/** How near a day's index came to its threshold; a full bar is beyond it, a space was too little to judge. */
function barOf({ features }: DriftDay, feature: string): string {
  const found = features.find((one) => one.feature === feature);
  if (!found) return ' ';
  if (found.drifted) return bars.at(-1)!;
  if (found.threshold === null) return ' ';
  return bars[Math.min(bars.length - 2, Math.floor((found.psi / found.threshold) * (bars.length - 1)))]!;
}
