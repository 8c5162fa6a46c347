import { evaluationReport } from './evaluation.report.ts';
import { judgeGates } from './promotion.gates.ts';

const evaluation = (loss: readonly number[], digest = 'd1') => ({
  metrics: { logLoss: 0.2, auc: NaN, violations: 0 },
  heldOut: { digest, rows: loss.length, groups: loss.length },
  losses: [{ metric: 'logLoss', loss: Float64Array.from(loss), weight: new Float64Array(loss.length).fill(1) }],
});
const gates = [{ metric: 'logLoss', noWorseThanChampion: true }] as const;
const verdict = (candidate: readonly number[], champion: readonly number[]) =>
  judgeGates(gates, evaluationReport(evaluation(candidate), { version: 3, evaluation: evaluation(champion) }, 1))[0]!;

describe('judgeGates', () => {
  it('judges absolute gates on their bound', () => {
    const report = evaluationReport(evaluation([1]), null, 1);
    const results = judgeGates(
      [
        { metric: 'logLoss', atMost: 0.2 },
        { metric: 'logLoss', atMost: 0.19 },
        { metric: 'violations', atLeast: 0 },
        { metric: 'violations', atLeast: 0.1 },
      ],
      report,
    );
    expect(results.map(({ passed }) => passed)).toEqual([true, false, true, false]);
    expect(results[1]).toMatchObject({ gate: 'logLoss <= 0.19', evidence: 'logLoss 0.2, asked <= 0.19' });
  });

  it.each(['as it is', 'after a way as JSON'])('fails a metric that is not a number, either way round, %s', (way) => {
    const fresh = evaluationReport(evaluation([1]), null, 1);
    const report = way === 'as it is' ? fresh : (JSON.parse(JSON.stringify(fresh)) as typeof fresh);
    const results = judgeGates(
      [
        { metric: 'auc', atLeast: 0 },
        { metric: 'auc', atMost: 1 },
      ],
      report,
    );
    expect(results.map(({ passed }) => passed)).toEqual([false, false]);
    expect(results[0]!.evidence).toBe('auc not a number, asked >= 0');
  });

  it('passes without a champion', () => {
    expect(judgeGates(gates, evaluationReport(evaluation([1]), null, 1))[0]).toMatchObject({ passed: true });
  });

  it('fails a candidate that is worse beyond doubt, passes one that may be equal or is better', () => {
    const champion = Array.from({ length: 50 }, (_, i) => i % 7);
    expect(
      verdict(
        champion.map((x) => x + 0.1),
        champion,
      ),
    ).toMatchObject({ passed: false });
    expect(
      verdict(
        champion.map((x, i) => x + (i % 2 === 0 ? 0.11 : -0.1)),
        champion,
      ).passed,
    ).toBe(true);
    expect(
      verdict(
        champion.map((x) => x - 0.1),
        champion,
      ).passed,
    ).toBe(true);
    expect(verdict(champion, champion).passed).toBe(true);
    expect(verdict(champion, champion).evidence).toContain('of v3');
  });

  it('refuses a champion measured on other products, and a gate on a metric that nobody measured', () => {
    expect(() => evaluationReport(evaluation([1]), { version: 1, evaluation: evaluation([1], 'd2') }, 1)).toThrow(
      expect.objectContaining({ code: 'NOT_COMPARABLE' }),
    );
    expect(() => judgeGates([{ metric: 'recall', atLeast: 0 }], evaluationReport(evaluation([1]), null, 1))).toThrow(
      expect.objectContaining({ code: 'METRIC_MISSING' }),
    );
  });
});
