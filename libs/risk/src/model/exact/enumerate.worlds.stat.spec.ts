import { Outbreak, simulateOutbreak, type Meeting, type OutbreakTruth } from '@haat/simulators';
import { parseRiskParameters, symptomColumns, testColumns, type RiskProblem } from '../../contract/index.ts';
import { enumerate } from './enumerate.ts';

const parameters = parseRiskParameters({
  external: 0.04,
  channels: [
    { name: 'near', probability: 0.5 },
    { name: 'far', probability: 0.2 },
  ],
  exposed: [0, 0.3, 0.5, 0.2],
  infectious: [0, 0, 0.4, 0.35, 0.25],
  infectivity: [0.6, 1.2, 0.8],
  tests: [
    { name: 'by state', positive: { S: 0.03, E: 0.2, I: 0.85, R: 0.1 } },
    { name: 'by time', uninfected: 0.02, sinceInfection: [0.02, 0.3, 0.8, 0.7, 0.4, 0.1] },
  ],
  symptoms: { reported: 0.85, falseReports: 0.02, delay: [0.5, 0.3, 0.2] },
});
const PERSONS = 3;
const DAYS = 7;

const stateOf = ({ exposed, infectious, removed }: OutbreakTruth, person: number, day: number) =>
  Number(day >= exposed[person]!) + Number(day >= infectious[person]!) + Number(day >= removed[person]!);

/** Sums of what was predicted and of what was true, by tenths of the prediction, with the variance of the difference. */
class Calibration {
  readonly predicted = new Float64Array(10);
  readonly happened = new Float64Array(10);
  readonly variance = new Float64Array(10);

  add(p: number, truth: boolean): void {
    const bin = Math.min(9, Math.floor(p * 10));
    this.predicted[bin]! += p;
    this.happened[bin]! += truth ? 1 : 0;
    this.variance[bin]! += p * (1 - p);
  }

  /** Differences in standard errors, all bins together last. */
  scores(): number[] {
    const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
    const score = (p: number, h: number, v: number) => (v < 1 ? 0 : (p - h) / Math.sqrt(v));
    const bins = Array.from(this.predicted, (p, bin) => score(p, this.happened[bin]!, this.variance[bin]!));
    return [...bins, score(total(this.predicted), total(this.happened), total(this.variance))];
  }
}

const together: Meeting[] = [
  { channel: 0, groups: [0, 0, 1], mean: 0.25, units: [1, 2] },
  { channel: 1, groups: null, mean: 0.3, units: [1, 1] },
];

/**
 * Exact posteriors of many small worlds against their truths, one person and day a world where persons meet, so that all are independent. Some have no app and report nothing; their
 * contacts are told all the same, as a model that does not know of a contact is another one.
 */
function calibrate(worlds: number, meetings: Meeting[], modelOf: (problem: RiskProblem) => RiskProblem) {
  const states = [0, 1, 2, 3].map(() => new Calibration());
  for (let seed = 0; seed < worlds; seed++) {
    const testing = { capacity: 2, ofReports: 0.9, random: seed % 3 === 0 ? 1 : 0, randomKind: 1 };
    const options = { seed, persons: PERSONS, days: DAYS, parameters, meetings, testing };
    const { observed, truth } = simulateOutbreak({ ...options, adoption: 0.8 });
    const { contacts } = simulateOutbreak(options).observed;
    const { probability } = enumerate(modelOf({ ...observed, parameters, contacts, initial: null }));
    const day = DAYS - 1 - (seed % 4);
    for (const person of meetings.length > 0 ? [seed % PERSONS] : [0, 1, 2]) {
      const state = stateOf(truth, person, day);
      states.forEach((each, at) => each.add(probability[(person * DAYS + day) * 4 + at]!, state === at));
    }
  }
  return states.map((each) => each.scores());
}

describe('simulated worlds and the exact posterior', () => {
  it.each([
    ['who meet', 400, together],
    ['who do not meet', 1_500, []],
  ] as const)(
    'are of one model: of persons %s, what has probability p happens in a share p of the worlds, however tests were chosen',
    (_, worlds, meetings) => {
      for (const scores of calibrate(worlds, [...meetings], (problem) => problem)) {
        expect(Math.max(...scores.map(Math.abs))).toBeLessThan(4.5);
      }
    },
  );

  it('part when reports trigger tests and the model does not know of reports: infection is expected too often', () => {
    const blind = { ...parameters, symptoms: null };
    const [susceptible] = calibrate(1_500, [], (problem) => ({
      ...problem,
      parameters: blind,
      symptoms: symptomColumns([]),
      reporting: null,
    }));
    expect(susceptible!.at(-1)).toBeLessThan(-4);
  });
});

describe('the course of persons who meet nobody', () => {
  it('has the marginals of the prior over traces, on every day', () => {
    const persons = 20_000;
    const days = 30;
    const outbreak = new Outbreak({ seed: 4, persons, days, parameters, meetings: [] });
    while (outbreak.meet());
    const truth = outbreak.truth();
    const { probability } = enumerate({
      persons: 1,
      days,
      parameters: { ...parameters, symptoms: null },
      region: null,
      contacts: [],
      tests: testColumns([]),
      symptoms: symptomColumns([]),
      reporting: null,
      initial: null,
    });
    for (let day = 0; day < days; day++) {
      const counts = new Float64Array(4);
      for (let person = 0; person < persons; person++) counts[stateOf(truth, person, day)]!++;
      counts.forEach((count, state) => {
        const p = probability[day * 4 + state]!;
        expect(Math.abs(count / persons - p)).toBeLessThanOrEqual(4.5 * Math.sqrt((p * (1 - p)) / persons));
      });
    }
  });
});
