import type { RiskProblem } from '../../contract/index.ts';
import { contactIndex, type ContactIndex } from '../contacts/contact.index.ts';
import { TraceEvidence } from '../evidence/trace.evidence.ts';
import { TracePrior, type Trace } from '../exact/traces.ts';
import { infectivityOn } from '../exposure.weights.ts';
import { exposureUnits, type ExposureUnits } from '../exposure.units.ts';
import { externalRates } from '../external.rates.ts';

/** Less probable traces, against the most probable one seen before, are left out: nat. */
const NEGLIGIBLE = -25;

/** No expected exposure counts as more certain to infect than this. */
const ALMOST_SURE = 1 - 1e-6;

/**
 * [persons, days, 4]: P(S), P(E), P(I), P(R) were everybody's trajectory independent of everybody else's: each is weighed by what was observed of the person
 * itself and by the exposure to be expected from its contacts, and acts by expectation. Nothing that happens to a contact says anything of who might have
 * infected it: evidence runs forwards alone. Rounds in which all persons are updated at once; O(rounds * persons * traces), for windows of some
 * weeks and populations of some thousands (compare Romijnders et al., "Protect your score", arXiv 2312.11581, with its rounds of factorised neighbours).
 */
export function meanField(problem: RiskProblem, rounds = 5): Float64Array {
  const { persons, days, region, parameters } = problem;
  const index = contactIndex(problem);
  const units = exposureUnits(parameters, index);
  const prior = new TracePrior(problem);
  const evidence = new TraceEvidence(problem);
  const outside = externalRates(problem).map((rates) => rates.map((rate) => -Math.log1p(-rate)));
  const infectiousness = new Float64Array(persons * days);
  const probability = new Float64Array(persons * days * 4);
  for (let round = 0; round < rounds; round++) {
    const exposure = expectedExposure(persons, days, index, units, infectiousness);
    for (let person = 0; person < persons; person++) {
      const nats = exposure.subarray(person * days, (person + 1) * days);
      const traces = weighed(prior, evidence, person, nats, outside[region?.[person] ?? 0]!);
      const states = probability.subarray(person * days * 4, (person + 1) * days * 4);
      addStates(traces, states);
      const acts = infectiousness.subarray(person * days, (person + 1) * days);
      addInfectiousness(
        traces,
        states,
        acts,
        (age) => infectivityOn(parameters, age),
        parameters.infectivity.length > 1,
      );
    }
  }
  return probability;
}

/** Traces and their probabilities, alike in order. */
interface WeighedTraces {
  readonly traces: readonly Trace[];
  readonly weight: Float64Array;
}

/** The traces of a person with their probabilities, given the expected exposure on the way to each day. */
function weighed(
  prior: TracePrior,
  evidence: TraceEvidence,
  person: number,
  nats: Float64Array,
  outside: Float64Array,
): WeighedTraces {
  const escaped = new Float64Array(nats.length + 1);
  nats.forEach((nat, day) => (escaped[day + 1] = escaped[day]! - nat));
  const traces: Trace[] = [];
  const weights: number[] = [];
  let most = -Infinity;
  prior.of(person, (trace, lnPrior) => {
    const { exposed } = trace;
    let ln = lnPrior + evidence.of(person, trace) + escaped[exposed]!;
    if (exposed < nats.length && nats[exposed]! > 0)
      ln += Math.log(Math.expm1(-outside[exposed]! - nats[exposed]!) / Math.expm1(-outside[exposed]!));
    most = Math.max(most, ln);
    if (ln < most + NEGLIGIBLE) return;
    traces.push(trace);
    weights.push(ln);
  });
  const weight = Float64Array.from(weights, (ln) => Math.exp(ln - most));
  const total = weight.reduce((sum, each) => sum + each, 0);
  return { traces, weight: weight.map((each) => each / total) };
}

/** [days, 4], replaced: what the traces say of each day. */
function addStates({ traces, weight }: WeighedTraces, states: Float64Array): void {
  states.fill(0);
  const days = states.length / 4;
  traces.forEach(({ exposed, infectious, removed }, k) => {
    if (exposed < days) states[exposed * 4 + 1]! += weight[k]!;
    if (infectious < days) states[infectious * 4 + 2]! += weight[k]!;
    if (removed < days) states[removed * 4 + 3]! += weight[k]!;
  });
  const entered = [0, 0, 0];
  for (let at = 0; at < states.length; at += 4) {
    for (let k = 0; k < 3; k++) entered[k]! += states[at + k + 1]!;
    const [exposed, infectious, removed] = entered as [number, number, number];
    states.set([1 - exposed, exposed - infectious, infectious - removed, removed], at);
  }
}

/** [days], replaced: expected factor on exposures by the person; 0 while it is not infectious. */
function addInfectiousness(
  { traces, weight }: WeighedTraces,
  states: Float64Array,
  acts: Float64Array,
  factor: (age: number) => number,
  changes: boolean,
): void {
  if (!changes) {
    for (let day = 0; day < acts.length; day++) acts[day] = Math.max(0, states[day * 4 + 2]!) * factor(0);
    return;
  }
  acts.fill(0);
  traces.forEach(({ infectious, removed, onset }, k) => {
    for (let day = infectious; day < removed; day++) acts[day]! += weight[k]! * factor(day - onset);
  });
}

/** [persons, days]: minus the logarithm of the expected share that escapes, on the way to each day, nat. */
function expectedExposure(
  persons: number,
  days: number,
  { start, entries, classBits }: ContactIndex,
  { plain, unit }: ExposureUnits,
  infectiousness: Float64Array,
): Float64Array {
  const exposure = new Float64Array(persons * days);
  const mask = 2 ** classBits - 1;
  for (let person = 0; person < persons; person++) {
    for (let day = 0; day < days - 1; day++) {
      const cell = person * days + day;
      const infectious = infectiousness[cell]!;
      if (infectious === 0) continue;
      for (let k = start[cell]!; k < start[cell + 1]!; k++) {
        const caught = infectious * -Math.expm1(-plain[entries[k]! & mask]! * unit);
        exposure[(entries[k]! >>> classBits) * days + day + 1]! -= Math.log1p(-Math.min(ALMOST_SURE, caught));
      }
    }
  }
  return exposure;
}
