import type { EvaluationReport, GateResult } from '@haat/workflows';

import { pairs, table } from './table.ts';

/** Held-out metrics for people, with what was held out. */
export function evaluationText({ metrics, heldOut, comparisons }: EvaluationReport): string {
  const figures = Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, figure(value)]));
  const held = `Held out: ${heldOut.rows} rows in ${heldOut.groups} groups (${heldOut.digest.slice(0, 12)})`;
  const against = comparisons.map(
    ({ metric, championVersion, difference, low, high }) =>
      `${metric} against version ${championVersion}: ${figure(difference)} (95 % interval ${figure(low)} to ${figure(high)})`,
  );
  return [pairs(figures), '', held, ...against].join('\n');
}

export function gatesText(gates: readonly GateResult[]): string {
  return table(gates, {
    gate: ({ gate }) => gate,
    passed: ({ passed }) => (passed ? 'yes' : 'NO'),
    evidence: ({ evidence }) => evidence,
  });
}

/** Five significant digits. */
export function figure(value: number): string {
  return String(Number(value.toPrecision(5)));
}
