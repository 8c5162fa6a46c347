import type { PolicySummary, SeedMean } from './policy.summary.ts';

export interface PolicyChart {
  readonly title: string;
  /** Which policies stand out. */
  readonly ours: (policy: string) => boolean;
}

const measure = { type: 'quantitative', scale: { zero: true, nice: true } } as const;

/** Shares infected against days apart, with 95 % intervals both ways, as a specification of Vega-Lite: what is better lies further left and down. */
export function policyChart(
  summaries: readonly Pick<PolicySummary, 'policy' | 'infected' | 'quarantineDays'>[],
  { title, ours }: PolicyChart,
) {
  const values = summaries.map(({ policy, infected, quarantineDays }) => ({
    policy,
    ours: ours(policy),
    infected: infected.mean,
    days: quarantineDays.mean,
    infectedFrom: end(infected, -1),
    infectedTo: end(infected, 1),
    daysFrom: end(quarantineDays, -1),
    daysTo: end(quarantineDays, 1),
  }));
  const x = { field: 'days', ...measure, title: 'days apart, all persons together' };
  const y = { field: 'infected', ...measure, title: 'ever infected', axis: { format: '.1~%' } };
  return {
    title,
    width: 640,
    height: 380,
    background: 'white',
    data: { values },
    encoding: {
      color: {
        field: 'ours',
        type: 'nominal',
        scale: { domain: [true, false], range: ['#0b6e4f', '#555555'] },
        legend: null,
      },
    },
    layer: [
      { mark: 'rule', encoding: { x: { ...x, field: 'daysFrom' }, x2: { field: 'daysTo' }, y } },
      { mark: 'rule', encoding: { x, y: { ...y, field: 'infectedFrom' }, y2: { field: 'infectedTo' } } },
      { mark: { type: 'point', filled: true, size: 60, opacity: 1 }, encoding: { x, y } },
      { mark: { type: 'text', align: 'left', dx: 8, dy: -8 }, encoding: { x, y, text: { field: 'policy' } } },
    ],
  } as const;
}

/** An end of an interval; of a single seed, which has none, the mean itself. */
function end({ mean, halfWidth }: SeedMean, way: -1 | 1): number {
  return halfWidth === Infinity ? mean : Math.max(0, mean + way * halfWidth);
}
