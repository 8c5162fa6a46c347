import { riskError, type RiskProblem } from '../../contract/index.ts';
import { TraceEvidence } from '../evidence/trace.evidence.ts';
import { infectivityOn } from '../exposure.weights.ts';
import type { PairExposure } from './pair.exposures.ts';
import { TracePrior, type Trace } from './traces.ts';

/** Traces of one person that look alike from outside: they escape and are infected, and infect, by the same contacts. */
export interface TraceGroup {
  /** How many of the person's days of exposure it escapes. */
  readonly escapes: number;
  /** Whether it is in E the day after the next of these. */
  readonly infected: boolean;
  /** Factor of infectivity at each of the exposures that the person gives; 0 where it is not infectious. */
  readonly infectivity: readonly number[];
  /** Index of `infectivity` among those of the person's groups. */
  readonly giving: number;
  /** Sum of prior times evidence of its traces, relative to the person's most probable trace. */
  weight: number;
  /** [days, 4]: what of the weight is in each state on each day. */
  readonly states: Float64Array;
}

export interface PersonGroups {
  readonly person: number;
  /** Days on which others expose the person, ascending. */
  readonly exposedOn: readonly number[];
  readonly given: readonly PairExposure[];
  readonly groups: readonly TraceGroup[];
  /** Distinct `infectivity` of the groups. */
  readonly givings: readonly (readonly number[])[];
  /** Logarithm of what the weights are relative to, nat. */
  readonly lnScale: number;
}

/** Groups the traces of persons. */
export class TraceGrouping {
  readonly #prior: TracePrior;
  readonly #evidence: TraceEvidence;
  readonly #problem: RiskProblem;

  constructor(problem: RiskProblem) {
    this.#problem = problem;
    this.#prior = new TracePrior(problem);
    this.#evidence = new TraceEvidence(problem);
  }

  /** @throws IMPOSSIBLE_EVIDENCE when no trace of the person can give what was observed of it */
  of(person: number, exposures: readonly PairExposure[]): PersonGroups {
    const { days, parameters } = this.#problem;
    const received = exposures.filter(({ to }) => to === person);
    const exposedOn = [...new Set(received.map(({ day }) => day))].sort((a, b) => a - b);
    const given = exposures.filter(({ from }) => from === person);
    const traces: { readonly trace: Trace; readonly ln: number }[] = [];
    this.#prior.of(person, (trace, lnPrior) => {
      const ln = lnPrior + this.#evidence.of(person, trace);
      if (ln > -Infinity) traces.push({ trace, ln });
    });
    const lnScale = traces.reduce((most, { ln }) => Math.max(most, ln), -Infinity);
    if (lnScale === -Infinity) {
      throw riskError('IMPOSSIBLE_EVIDENCE', `Person ${person}: nothing that can happen gives what was observed`, {
        person,
      });
    }
    const groups = new Map<string, TraceGroup>();
    const givings = new Map<string, readonly number[]>();
    for (const { trace, ln } of traces) {
      const escapes = exposedOn.filter((day) => day + 1 < trace.exposed).length;
      const infected = exposedOn[escapes] !== undefined && exposedOn[escapes] + 1 === trace.exposed;
      const infectivity = given.map(({ day }) =>
        day >= trace.infectious && day < trace.removed ? infectivityOn(parameters, day - trace.onset) : 0,
      );
      const giving = infectivity.join();
      if (!givings.has(giving)) givings.set(giving, infectivity);
      const key = `${escapes} ${infected} ${giving}`;
      let group = groups.get(key);
      if (!group) {
        const states = new Float64Array(days * 4);
        group = { escapes, infected, infectivity, giving: [...givings.keys()].indexOf(giving), weight: 0, states };
        groups.set(key, group);
      }
      const weight = Math.exp(ln - lnScale);
      group.weight += weight;
      addStates(group.states, trace, weight);
    }
    return { person, exposedOn, given, groups: [...groups.values()], givings: [...givings.values()], lnScale };
  }
}

function addStates(states: Float64Array, { exposed, infectious, removed }: Trace, weight: number): void {
  for (let day = 0, at = 0; at < states.length; day++, at += 4) {
    states[at + Number(day >= exposed) + Number(day >= infectious) + Number(day >= removed)]! += weight;
  }
}
