import type { RiskProblem } from '../../contract/index.ts';
import { entryAt } from '../contacts/contact.entries.ts';
import { TraceEvidence } from '../evidence/trace.evidence.ts';
import { TracePrior, type Trace } from '../exact/traces.ts';
import type { ChainState } from '../sampler/chain.state.ts';

/** Every trace of a person, and the logarithm of its weight given everybody else's trajectory, nat. */
export interface WeighedTraces {
  readonly traces: readonly Trace[];
  readonly lnWeight: Float64Array;
}

/**
 * The block update of the published sampler (Herbrich, Rastogi, Vollgraf, arXiv 2006.04942, section 4.2), written from its formulas: every trace
 * of a person is weighed by a sum over all days, O(days^3) in effect. It is the oracle of the fast update and what it is measured against.
 */
export class PublishedUpdate {
  readonly #problem: RiskProblem;
  readonly #prior: TracePrior;
  readonly #evidence: TraceEvidence;
  readonly #state: ChainState;
  readonly #kept = new Map<number, { readonly traces: readonly Trace[]; readonly lnPrior: Float64Array }>();

  constructor(problem: RiskProblem, state: ChainState) {
    this.#problem = problem;
    this.#prior = new TracePrior(problem);
    this.#evidence = new TraceEvidence(problem);
    this.#state = state;
  }

  weigh(person: number): WeighedTraces {
    const { days } = this.#problem;
    const { escaping, caught } = this.#receiving(person);
    const giving = this.#giving(person);
    const { phaseOn } = this.#state;
    const { traces, lnPrior } = this.#priorOf(person);
    const lnWeight = Float64Array.from(lnPrior);
    for (let k = 0; k < traces.length; k++) {
      const { exposed, infectious, removed, onset } = traces[k]!;
      let ln = this.#evidence.of(person, traces[k]!);
      for (let day = 0; day < exposed; day++) ln += escaping[day]!;
      if (exposed < days) ln += caught[exposed]!;
      for (let day = infectious; day < removed; day++) ln += giving[phaseOn[day - onset]!]![day]!;
      lnWeight[k]! += ln;
    }
    return { traces, lnWeight };
  }

  /** Persons of one region of whom nothing is known from before the window have the same traces. */
  #priorOf(person: number): { readonly traces: readonly Trace[]; readonly lnPrior: Float64Array } {
    const { region, starts } = this.#state.population;
    const own = starts.has(person);
    const kept = own ? undefined : this.#kept.get(region[person]!);
    if (kept) return kept;
    const traces: Trace[] = [];
    const weights: number[] = [];
    this.#prior.of(person, (trace, lnPrior) => {
      traces.push(trace);
      weights.push(lnPrior);
    });
    const prior = { traces, lnPrior: Float64Array.from(weights) };
    if (!own) this.#kept.set(region[person]!, prior);
    return prior;
  }

  /** Logarithms of escaping the exposures of the day before, and of being infected relative to infection from outside alone. */
  #receiving(person: number) {
    const { days } = this.#problem;
    const { pressure, population } = this.#state;
    const { external, region, exposure } = population;
    const nats = Float64Array.from({ length: days }, (_, day) => pressure[person * days + day]! * exposure.unit);
    const outside = external.subarray(region[person]! * days, (region[person]! + 1) * days);
    return {
      escaping: nats.map((nat) => -nat),
      caught: nats.map((nat, day) => Math.log(Math.expm1(-outside[day]! - nat) / Math.expm1(-outside[day]!))),
    };
  }

  /** Logarithm of what being infectious on a day does to all others, by phase of infectivity and day. */
  #giving(person: number): Float64Array[] {
    const { days } = this.#problem;
    const { population, exposed, pressure } = this.#state;
    const { contacts, exposure, external, region } = population;
    const { start, low, high, classBits } = contacts;
    const { phases, units, plain, classes, unit } = exposure;
    const giving = phases.map(() => new Float64Array(days));
    for (let day = 0; day < days - 1; day++) {
      for (let k = start[person * days + day]!; k < start[person * days + day + 1]!; k++) {
        const entry = entryAt(low, high, k);
        const other = entry >>> classBits;
        const kind = entry & (2 ** classBits - 1);
        if (exposed[other]! <= day) continue;
        const own = this.#state.phaseOf(person, day);
        const without = pressure[other * days + day + 1]! - (own < 0 ? 0 : units[own * classes + kind]!);
        const base = external[region[other]! * days + day + 1]! + without * unit;
        phases.forEach(({ factor }, phase) => {
          giving[phase]![day]! +=
            exposed[other]! > day + 1
              ? -plain[kind]! * unit * factor
              : Math.log(Math.expm1(-base - units[phase * classes + kind]! * unit) / Math.expm1(-base));
        });
      }
    }
    return giving;
  }
}
