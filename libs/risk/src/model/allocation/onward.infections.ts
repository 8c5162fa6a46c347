import type { RiskParameters } from '../../contract/index.ts';
import { entryAt } from '../contacts/contact.entries.ts';
import { durationsOf, type Durations } from '../durations.ts';
import { infectivityOn } from '../exposure.weights.ts';
import type { Population } from '../sampler/population.ts';
import type { TrajectorySamples } from './trajectory.samples.ts';

/** How far one looks for what a person would still do. */
export interface Outlook {
  /** Contacts of so many days before the window's last day stand for those of each day to come. */
  readonly lookBack: number;
  /** Days to come that count; of later ones nothing is promised. */
  readonly horizon: number;
}

/**
 * [samples, persons]: how many others each person would still infect at first hand from the window's last day on, were nobody kept apart: expected infectious
 * days to come, times P(infection) of whom it met lately and who is susceptible in the sample. 0 for who is not infected.
 */
export function onwardInfections(
  { persons, days, contacts, exposure }: Population,
  parameters: RiskParameters,
  samples: TrajectorySamples,
  { lookBack, horizon }: Outlook,
): Float64Array {
  const { start, low, high, classBits } = contacts;
  const mask = 2 ** classBits - 1;
  const caught = Float64Array.from(exposure.plain, (units) => -Math.expm1(-units * exposure.unit));
  const fromE = forceFromE(parameters, horizon);
  const fromI = forceFromI(parameters, horizon);
  const last = days - 1;
  const first = Math.max(0, last - lookBack);
  const onward = new Float64Array(samples.samples * persons);
  for (let sample = 0; sample < samples.samples; sample++) {
    const exposed = samples.exposed.subarray(sample * persons, (sample + 1) * persons);
    for (let person = 0; person < persons; person++) {
      const at = sample * persons + person;
      if (exposed[person]! > last || samples.removed[at]! <= last) continue;
      const infectious = samples.infectious[at]!;
      const force =
        infectious > last
          ? fromE[Math.min(fromE.length - 1, last - exposed[person]!)]!
          : fromI[Math.min(fromI.length - 1, last - infectious + samples.lead[at]!)]!;
      let others = 0;
      for (let k = start[person * days + first]!; k < start[person * days + last]!; k++) {
        const entry = entryAt(low, high, k);
        if (exposed[entry >>> classBits]! > last) others += caught[entry & mask]!;
      }
      if (others > 0) onward[at] = (force * others) / (last - first);
    }
  }
  return onward;
}

/** By days for which somebody has been in I: infectious days from today on, each times its infectivity. */
function forceFromI(parameters: RiskParameters, horizon: number): Float64Array {
  const { tail, longest } = durationsOf(parameters.infectious);
  return Float64Array.from({ length: longest }, (_, age) => {
    let force = 0;
    for (let h = 0; h < horizon && age + h < longest; h++)
      force += (tail[age + h + 1]! / tail[age + 1]!) * infectivityOn(parameters, age + h);
    return force;
  });
}

/** By days for which somebody has been in E: the same, from the day of becoming infectious on. */
function forceFromE(parameters: RiskParameters, horizon: number): Float64Array {
  const exposed: Durations = durationsOf(parameters.exposed);
  const fresh = Array.from({ length: horizon + 1 }, (_, left) => forceFromI(parameters, left)[0]!);
  return Float64Array.from({ length: exposed.longest }, (_, age) => {
    let force = 0;
    for (let d = age + 1; d <= exposed.longest && d - age < horizon; d++)
      force += (exposed.share[d]! / exposed.tail[age + 1]!) * fresh[horizon - (d - age)]!;
    return force;
  });
}
