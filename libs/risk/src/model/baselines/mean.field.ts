import type { RiskProblem } from '../../contract/index.ts';
import { entryAt } from '../contacts/contact.entries.ts';
import { contactIndex } from '../contacts/contact.index.ts';
import { finestUnit, MOST_UNITS } from '../exposure.units.ts';
import { infectivityOn } from '../exposure.weights.ts';
import { ChainState } from '../sampler/chain.state.ts';
import type { Conditional } from '../sampler/conditional.ts';
import { LinearConditional } from '../sampler/linear.conditional.ts';
import { LogConditional } from '../sampler/log.conditional.ts';
import { populationOf, type Population } from '../sampler/population.ts';
import { Surroundings } from '../sampler/surroundings.ts';

/** No expected exposure counts as more certain to infect than this. */
const ALMOST_SURE = 1 - 1e-6;

/**
 * [persons, days, 4]: P(S), P(E), P(I), P(R) were everybody's trajectory independent of everybody else's: each has its law given what was observed of the person
 * itself and the exposure to be expected from its contacts, and acts by expectation. Nothing that happens to a contact says anything of who might have
 * infected it: evidence runs forwards alone. With infectivity that changes, how long somebody has been infectious is taken from durations
 * alone. Rounds in which all persons are updated at once, O(persons * days * longest duration + contacts) each (compare Romijnders et
 * al., "Protect your score", arXiv 2312.11581, with its rounds of factorised neighbours).
 */
export function meanField(problem: RiskProblem, rounds = 5): Float64Array {
  const { persons, days } = problem;
  const population = populationOf(problem, contactIndex(problem));
  const law = aloneLaw(population);
  const infectiousness = new Float64Array(persons * days);
  const probability = new Float64Array(persons * days * 4);
  for (let round = 0; round < rounds; round++) {
    law.expose(expectedExposure(population, infectiousness));
    for (let person = 0; person < persons; person++) {
      const own = law.of(person);
      fillStates(own, probability.subarray(person * days * 4, (person + 1) * days * 4));
      fillInfectiousness(own, problem, population, infectiousness.subarray(person * days, (person + 1) * days));
    }
  }
  return probability;
}

/** The law of a person who acts on nobody, under given exposures: the chain's own, in a population without contacts. */
function aloneLaw(population: Population) {
  const { persons, days, contacts, exposure } = population;
  // What is expected of contacts is no multiple of what one of them weighs.
  const unit = finestUnit(exposure.most * exposure.unit);
  const nobody = { ...contacts, start: new Int32Array(persons * days + 1) };
  const state = new ChainState({ ...population, contacts: nobody, exposure: { ...exposure, unit, most: MOST_UNITS } });
  const surroundings = new Surroundings(state);
  const [linear, logarithmic] = [new LinearConditional(state.population), new LogConditional(state.population)];
  return {
    /** @param nats [persons, days] */
    expose(nats: Float64Array): void {
      for (let cell = 0; cell < nats.length; cell++) state.pressure[cell] = Math.round(nats[cell]! / unit);
    },
    of(person: number): Conditional {
      surroundings.gather(person);
      const law = linear.prepare(surroundings) ? linear : logarithmic;
      if (law === logarithmic) law.prepare(surroundings);
      law.marginals();
      return law;
    },
  };
}

/** [days, 4], replaced. */
function fillStates({ entersE, entersI, entersR }: Conditional, states: Float64Array): void {
  let [exposed, infectious, removed] = [0, 0, 0];
  for (let day = 0; day < entersE.length; day++) {
    exposed += entersE[day]!;
    infectious += entersI[day]!;
    removed += entersR[day]!;
    states.set([1 - exposed, exposed - infectious, infectious - removed, removed], day * 4);
  }
}

/** [days], replaced: expected factor on exposures by the person; 0 while it is not infectious. */
function fillInfectiousness(
  { entersI, entersR }: Conditional,
  { parameters }: RiskProblem,
  { infectious: { tail, longest } }: Population,
  acts: Float64Array,
): void {
  let infectious = 0;
  for (let day = 0; day < acts.length; day++) {
    infectious += entersI[day]! - entersR[day]!;
    acts[day] = Math.max(0, infectious) * infectivityOn(parameters, 0);
    if (parameters.infectivity.length === 1) continue;
    let [weight, factors] = [0, 0];
    for (let age = 0; age < longest && age <= day; age++) {
      const p = entersI[day - age]! * tail[age + 1]!;
      weight += p;
      factors += p * infectivityOn(parameters, age);
    }
    acts[day] = weight > 0 ? (Math.max(0, infectious) * factors) / weight : 0;
  }
}

/** [persons, days]: minus the logarithm of the expected share that escapes, on the way to each day, nat. */
function expectedExposure(
  { persons, days, contacts, exposure }: Population,
  infectiousness: Float64Array,
): Float64Array {
  const { start, low, high, classBits } = contacts;
  const nats = new Float64Array(persons * days);
  const mask = 2 ** classBits - 1;
  const caught = Float64Array.from(exposure.plain, (units) => -Math.expm1(-units * exposure.unit));
  for (let person = 0; person < persons; person++) {
    for (let day = 0; day < days - 1; day++) {
      const cell = person * days + day;
      const infectious = infectiousness[cell]!;
      if (infectious === 0) continue;
      for (let k = start[cell]!; k < start[cell + 1]!; k++) {
        const entry = entryAt(low, high, k);
        const p = Math.min(ALMOST_SURE, infectious * caught[entry & mask]!);
        nats[(entry >>> classBits) * days + day + 1]! -= Math.log1p(-p);
      }
    }
  }
  return nats;
}
