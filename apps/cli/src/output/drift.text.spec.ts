import { driftText } from './drift.text.ts';

const feature = (name: string, psi: number, over: object = {}) => ({
  feature: name,
  psi,
  threshold: 0.1,
  missingShare: 0,
  drifted: psi > 0.1,
  ...over,
});
const day = (date: string, ...features: ReturnType<typeof feature>[]) => ({
  day: date,
  version: 3,
  rows: 900,
  features,
});

describe('driftText', () => {
  it('shows the newest day with the days before it, and names what is beyond chance', () => {
    const text = driftText([
      day('2026-03-01', feature('log_price', 0), feature('category', 0.05, { threshold: null })),
      day('2026-03-02', feature('log_price', 0.05), feature('category', 0.05)),
      day('2026-03-03', feature('log_price', 0.5), feature('category', 0.099, { missingShare: 0.25 })),
    ]);
    expect(text.split('\n')).toEqual([
      '2026-03-03, 900 rows, beside what version 3 learned from:',
      '',
      'feature    PSI     chance below  missing  days',
      'log_price  0.5000  0.1000        0.00 %   ▁▄█   DRIFT',
      'category   0.0990  0.1000        25.00 %   ▄▇',
      '',
      'Beyond chance: log_price.',
    ]);
  });

  it('says how a first profile is made', () => {
    expect(driftText([])).toContain('haat drift profile');
  });
});
