import type { Gate } from '@haat/kit';
import type { Comparison, EvaluationReport, GateResult } from '@haat/workflows';
import { trainingError } from './training.errors.ts';

/**
 * Judges a report by the gates of a definition (or of its card). A metric that is not a number (null, once it was JSON) fails its gate. "No worse than
 * the champion" passes unless the interval of the paired difference lies wholly on the worse side, and when there is no champion.
 * Errors: METRIC_MISSING.
 */
export function judgeGates(gates: readonly Gate<string>[], report: EvaluationReport): readonly GateResult[] {
  return gates.map((gate) => {
    if ('noWorseThanChampion' in gate) {
      return againstChampion(gate.metric, report.comparisons);
    }
    const value = report.metrics[gate.metric];
    if (value === undefined) {
      throw trainingError(
        'METRIC_MISSING',
        `Gate on ${gate.metric}: the evaluation gave ${Object.keys(report.metrics).join(', ')}`,
      );
    }
    const atLeast = 'atLeast' in gate;
    const bound = atLeast ? gate.atLeast : gate.atMost;
    const sign = atLeast ? '>=' : '<=';
    return {
      gate: `${gate.metric} ${sign} ${bound}`,
      passed: Number.isFinite(value) && (atLeast ? value >= bound : value <= bound),
      evidence: `${gate.metric} ${figure(value)}, asked ${sign} ${bound}`,
    };
  });
}

function againstChampion(metric: string, comparisons: readonly Comparison[]): GateResult {
  const gate = `${metric} no worse than champion`;
  const found = comparisons.find((comparison) => comparison.metric === metric);
  if (found === undefined) return { gate, passed: true, evidence: 'no champion yet' };
  const { candidate, champion, difference, low, high, championVersion } = found;
  return {
    gate,
    passed: low <= 0,
    evidence:
      `${metric} ${figure(candidate)} against ${figure(champion)} of v${championVersion}: ` +
      `difference ${figure(difference)}, 95 % interval ${figure(low)} to ${figure(high)}`,
  };
}

function figure(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(5))) : 'not a number';
}
