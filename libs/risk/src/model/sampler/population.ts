import type { RiskProblem, SymptomParameters } from '../../contract/index.ts';
import type { ContactIndex } from '../contacts/contact.index.ts';
import { durationsOf, type Durations } from '../durations.ts';
import { onsetRatio, reportsOf } from '../evidence/symptom.evidence.ts';
import { testEvidence, type TestEvidence } from '../evidence/test.evidence.ts';
import { exposureUnits, type ExposureUnits } from '../exposure.units.ts';
import { externalRates } from '../external.rates.ts';
import { startsOf, type Start } from '../starts.ts';

/** A problem without its contacts: what every thread gets a copy of. */
export type Observations = Omit<RiskProblem, 'contacts'>;

/** All that a chain reads and never writes. */
export interface Population {
  readonly persons: number;
  readonly days: number;
  readonly contacts: ContactIndex;
  readonly exposure: ExposureUnits;
  readonly exposed: Durations;
  readonly infectious: Durations;
  /** Region of each person. */
  readonly region: Uint16Array;
  /** [regions, days]: P(infection from outside), and the same in nat. */
  readonly rate: Float64Array;
  readonly external: Float64Array;
  /** [regions]: sum of `external` over all days. */
  readonly externalSum: Float64Array;
  readonly tests: TestEvidence;
  readonly symptoms: SymptomParameters | null;
  readonly reports: ReadonlyMap<number, readonly number[]>;
  /** [days]: how an onset on each day speaks for no report; 1 in persons who would not report. */
  readonly unreported: Float64Array;
  /** [persons]: 1 for whom reports, or their absence, are evidence. */
  readonly reporting: Uint8Array;
  readonly starts: ReadonlyMap<number, readonly Start[]>;
  /** [persons]: P(S) on the first day by what is known from before the window; 1 where nothing is. */
  readonly susceptible: Float64Array;
  /** [persons]: 1 whose trajectory stays as it is. */
  readonly fixed: Uint8Array;
  /** [persons]: 1 where nothing observed of the person itself speaks for infection. */
  readonly quiet: Uint8Array;
}

/** @param fixed 1 for whose trajectory stays as it is; by default nobody's does */
export function populationOf(
  problem: Observations,
  contacts: ContactIndex,
  fixed: Uint8Array = new Uint8Array(problem.persons),
): Population {
  const { persons, days, parameters } = problem;
  const whole = { ...problem, contacts: [] };
  const rates = externalRates(whole);
  const rate = Float64Array.from(rates.flatMap((byDay) => [...byDay]));
  const external = rate.map((p) => -Math.log1p(-p));
  const tests = testEvidence(whole);
  const reports = reportsOf(whole);
  const starts = startsOf(whole);
  const { symptoms } = parameters;
  const reporting = new Uint8Array(persons);
  const quiet = new Uint8Array(persons);
  const susceptible = new Float64Array(persons).fill(1);
  for (const [person, own] of starts) {
    susceptible[person] = Math.max(
      0,
      own.reduce((left, { probability }) => left - probability, 1),
    );
  }
  for (let person = 0; person < persons; person++) {
    const reported = reports.has(person);
    reporting[person] = symptoms && (reported || (problem.reporting?.[person] ?? 1) === 1) ? 1 : 0;
    let loud = reported;
    for (let k = tests.start[person]!; k < tests.start[person + 1]!; k++)
      loud ||= !tests.ratios[tests.result[k]!]!.quiet;
    quiet[person] = loud ? 0 : 1;
  }
  return {
    persons,
    days,
    contacts,
    exposure: exposureUnits(parameters, contacts),
    exposed: durationsOf(parameters.exposed),
    infectious: durationsOf(parameters.infectious),
    region: problem.region ?? new Uint16Array(persons),
    rate,
    external,
    externalSum: Float64Array.from(rates, (_, r) =>
      external.subarray(r * days, (r + 1) * days).reduce((sum, nat) => sum + nat, 0),
    ),
    tests,
    symptoms,
    reports,
    unreported: Float64Array.from({ length: days }, (_, day) => (symptoms ? onsetRatio(symptoms, day, days, []) : 1)),
    reporting,
    starts,
    susceptible,
    fixed,
    quiet,
  };
}
