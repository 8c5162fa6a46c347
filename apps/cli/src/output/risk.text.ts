import type { RiskPosterior } from '@haat/risk/contract';

import { percent, table } from './table.ts';

/** The risk of one person on the window's last day. */
export interface RiskRow {
  readonly person: string;
  readonly susceptible: number;
  readonly exposed: number;
  readonly infectious: number;
  readonly removed: number;
  /** Monte-Carlo standard error of exposed and of infectious, the larger. */
  readonly error: number;
  readonly rHat: number;
  readonly effectiveSamples: number;
}

/** Persons that are shown without asking for the file. */
const SHOWN = 20;

/** Everybody, the highest P(E or I) first. */
export function rowsOfRisk(posterior: RiskPosterior, persons: readonly string[]): readonly RiskRow[] {
  const { probability, error } = posterior.onDay(posterior.days - 1);
  const { rHat, effectiveSamples } = posterior.agreement;
  const rows = persons.map((person, k) => ({
    person,
    susceptible: probability[k * 4]!,
    exposed: probability[k * 4 + 1]!,
    infectious: probability[k * 4 + 2]!,
    removed: probability[k * 4 + 3]!,
    error: Math.max(error[k * 4 + 1]!, error[k * 4 + 2]!),
    rHat: rHat[k]!,
    effectiveSamples: effectiveSamples[k]!,
  }));
  return rows.sort((a, b) => b.exposed + b.infectious - (a.exposed + a.infectious));
}

export function riskCsv(rows: readonly RiskRow[]): string {
  const header = 'person,susceptible,exposed,infectious,removed,error,r_hat,effective_samples';
  const lines = rows.map((row) =>
    [
      quoted(row.person),
      ...[row.susceptible, row.exposed, row.infectious, row.removed, row.error, row.rHat].map((value) =>
        String(Number(value.toPrecision(9))),
      ),
      row.effectiveSamples.toFixed(0),
    ].join(','),
  );
  return `${[header, ...lines].join('\n')}\n`;
}

export function riskText(rows: readonly RiskRow[], file: string | undefined): string {
  const shown = table(rows.slice(0, SHOWN), {
    person: ({ person }) => person,
    'P(E or I)': ({ exposed, infectious }) => percent(exposed + infectious),
    'P(E)': ({ exposed }) => percent(exposed),
    'P(I)': ({ infectious }) => percent(infectious),
    'P(R)': ({ removed }) => percent(removed),
    error: ({ error }) => percent(error),
    'R-hat': ({ rHat }) => Number(rHat.toFixed(3)),
    'effective samples': ({ effectiveSamples }) => Math.round(effectiveSamples),
  });
  const rest =
    file !== undefined
      ? `All ${rows.length} persons: ${file}`
      : rows.length > SHOWN
        ? `${rows.length - SHOWN} more; all of them with: --out FILE`
        : '';
  return rest === '' ? shown : `${shown}\n\n${rest}`;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
