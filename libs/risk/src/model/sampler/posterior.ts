import type { DayRisk, InfectionSource, PersonTimeline, RiskPosterior } from '../../contract/index.ts';
import { chainAgreement } from './chain.agreement.ts';
import type { ChainSums } from './chain.run.ts';

/** Sources less probable than this are not named. */
const NEGLIGIBLE = 1e-6;

/**
 * What chains of one problem say together; `chains` is not empty, and each has counted a sweep at least. Of persons in `exact` that is said which was
 * enumerated: [days, 4] each.
 */
export function posteriorOf(
  persons: number,
  days: number,
  chains: readonly ChainSums[],
  exact: ReadonlyMap<number, Float64Array> = new Map(),
): RiskPosterior {
  const parts = chains.flatMap(({ marginals: { sums, sweeps } }) => {
    const stride = persons * days * 3;
    return [...sweeps].flatMap((n, batch) => (n > 0 ? [{ sums, at: batch * stride, sweeps: n }] : []));
  });
  const samples = parts.reduce((sum, { sweeps }) => sum + sweeps, 0);
  const whole = new Float64Array(4);
  const part = new Float64Array(4);
  const squares = new Float64Array(4);

  /** Probabilities of the four states, and their errors, from cumulated sums of each part: `cumulated` [parts, 3]. */
  const fill = (cumulated: Float64Array, probability: Float64Array, error: Float64Array, at: number): void => {
    whole.fill(0);
    squares.fill(0);
    parts.forEach(({ sweeps }, k) => {
      statesOf(cumulated, k * 3, sweeps, part);
      for (let state = 0; state < 4; state++) whole[state]! += (part[state]! * sweeps) / samples;
    });
    parts.forEach(({ sweeps }, k) => {
      statesOf(cumulated, k * 3, sweeps, part);
      for (let state = 0; state < 4; state++) squares[state]! += (part[state]! - whole[state]!) ** 2;
    });
    probability.set(whole, at);
    const degrees = parts.length * Math.max(1, parts.length - 1);
    for (let state = 0; state < 4; state++) error[at + state] = Math.sqrt(squares[state]! / degrees);
  };

  const cumulate = (cumulated: Float64Array, person: number, day: number): void => {
    parts.forEach(({ sums, at }, k) => {
      for (let which = 0; which < 3; which++)
        cumulated[k * 3 + which]! += sums[at + (person * 3 + which) * days + day]!;
    });
  };

  const timeline = (person: number): PersonTimeline => {
    const known = exact.get(person);
    if (known) return { probability: known, error: new Float64Array(days * 4) };
    const probability = new Float64Array(days * 4);
    const error = new Float64Array(days * 4);
    const cumulated = new Float64Array(parts.length * 3);
    for (let day = 0; day < days; day++) {
      cumulate(cumulated, person, day);
      fill(cumulated, probability, error, day * 4);
    }
    return { probability, error };
  };

  const onDay = (day: number): DayRisk => {
    const probability = new Float64Array(persons * 4);
    const error = new Float64Array(persons * 4);
    const cumulated = new Float64Array(parts.length * 3);
    for (let person = 0; person < persons; person++) {
      const known = exact.get(person);
      if (known) {
        probability.set(known.subarray(day * 4, day * 4 + 4), person * 4);
        continue;
      }
      cumulated.fill(0);
      for (let until = 0; until <= day; until++) cumulate(cumulated, person, until);
      fill(cumulated, probability, error, person * 4);
    }
    return { probability, error };
  };

  return {
    persons,
    days,
    chains: chains.length,
    sweeps: samples / chains.length,
    timeline,
    onDay,
    agreement: chainAgreement(
      persons,
      chains.map(({ series }) => series),
    ),
    sources: sourcesOf(chains, samples),
  };
}

/** States from probabilities of having entered E, I and R. */
function statesOf(cumulated: Float64Array, at: number, sweeps: number, into: Float64Array): void {
  const [exposed, infectious, removed] = [
    cumulated[at]! / sweeps,
    cumulated[at + 1]! / sweeps,
    cumulated[at + 2]! / sweeps,
  ];
  into[0] = Math.max(0, 1 - exposed);
  into[1] = Math.max(0, exposed - infectious);
  into[2] = Math.max(0, infectious - removed);
  into[3] = removed;
}

function sourcesOf(chains: readonly ChainSums[], samples: number): ReadonlyMap<number, readonly InfectionSource[]> {
  return new Map(
    chains[0]!.sources.map(({ sources, byContact, outside }, k) => {
      const ofAll = (get: (chain: ChainSums) => number) => chains.reduce((sum, chain) => sum + get(chain), 0) / samples;
      const contacts = [...byContact].map((_, row) => ({
        from: sources.from[row]!,
        day: sources.day[row]!,
        probability: ofAll((chain) => chain.sources[k]!.byContact[row]!),
      }));
      const others = [...outside].map((_, on) => ({
        from: null,
        day: on - 1,
        probability: ofAll((chain) => chain.sources[k]!.outside[on]!),
      }));
      const all = [...contacts, ...others].filter(({ probability }) => probability >= NEGLIGIBLE);
      return [sources.person, all.sort((a, b) => b.probability - a.probability)];
    }),
  );
}
