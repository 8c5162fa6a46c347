import type { OutbreakOptions } from './outbreak.world.ts';
import { drawFrom, outbreakStream } from './outbreak.streams.ts';

/**
 * What chance has in store for each person, drawn before anything happens, so that two policies meet the same persons. By the construction of Sellke
 * ("On the asymptotic distribution of the size of a stochastic epidemic", J. Appl. Prob. 20, 1983) a person is infected on the day on
 * which the exposures received so far reach its own threshold.
 */
export interface Fates {
  /** [persons]: exposure that infects, nat; of an exponential distribution. */
  readonly threshold: Float64Array;
  /** [persons]: days in E and in I, should they be infected. */
  readonly exposed: Uint8Array;
  readonly infectious: Uint8Array;
  /** [persons]: which share of the exposure of the day of infection is to blame, in (0, 1). */
  readonly blame: Float64Array;
  /** [persons]: 1 with the app. */
  readonly app: Uint8Array;
  /** [persons]: days from becoming infectious to the report; -1: no report. */
  readonly reportAfter: Int16Array;
  /** Persons by day who report without cause. */
  readonly falseReports: readonly (readonly number[])[];
}

export function drawFates({ seed, persons, days, parameters, adoption }: Required<OutbreakOptions>): Fates {
  const { exposed, infectious, symptoms } = parameters;
  const fates = {
    threshold: new Float64Array(persons),
    exposed: new Uint8Array(persons),
    infectious: new Uint8Array(persons),
    blame: new Float64Array(persons),
    app: new Uint8Array(persons),
    reportAfter: new Int16Array(persons).fill(-1),
    falseReports: Array.from({ length: days }, (): number[] => []),
  };
  for (let person = 0; person < persons; person++) {
    const stream = outbreakStream(seed, 'person', person);
    fates.threshold[person] = -Math.log(stream.uniform());
    fates.exposed[person] = drawFrom(exposed, stream);
    fates.infectious[person] = drawFrom(infectious, stream);
    fates.blame[person] = stream.uniform();
    fates.app[person] = stream.chance(adoption) ? 1 : 0;
    if (!symptoms) continue;
    const reports = stream.chance(symptoms.reported);
    const delay = drawFrom(symptoms.delay, stream);
    if (fates.app[person] === 0) continue;
    if (reports) fates.reportAfter[person] = delay;
    const scale = Math.log1p(-symptoms.falseReports);
    const wait = () => (symptoms.falseReports === 0 ? Infinity : Math.floor(Math.log(stream.uniform()) / scale));
    for (let day = wait(); day < days; day += 1 + wait()) fates.falseReports[day]!.push(person);
  }
  return fates;
}
