import type { ObservedOutbreak } from '@haat/simulators';
import { parseRiskParameters, symptomColumns, type RiskParameters, type RiskProblem } from '../contract/index.ts';
import { onwardInfections, SampleCollector, testAllocation, type PolicySetting } from '../model/index.ts';
import { DailyChain } from './daily.chain.ts';
import { inOrder, Quarantine, type Policy } from './policy.ts';

type SettingOf<K extends PolicySetting['kind']> = Extract<PolicySetting, { readonly kind: K }>;

/** By how much the published code raises the rate from outside for inference. */
const PUBLISHED_RATE = 10;

/** Laws are computed in every second sweep: their means are sharper than those of states, which cost a third. */
const SEEN_EVERY = 2;

/** Days of contacts that stand for those to come. */
const LOOK_BACK = 7;

/** The problem that an outbreak's observations state, with everything that was observed. */
export function observedProblem(observed: ObservedOutbreak, parameters: RiskParameters): RiskProblem {
  return { ...observed, parameters, initial: null };
}

/** The same as the published model sees it: reports of symptoms are no evidence. */
export function withoutReports(problem: RiskProblem): RiskProblem {
  const parameters = { ...problem.parameters, symptoms: null };
  return { ...problem, parameters, symptoms: symptomColumns([]), reporting: null };
}

/** Risk as published. */
export function publishedPolicy(setting: SettingOf<'published'>, persons: number, seed: number): Policy {
  const { sweeps, isolate, release, quarantineDays } = setting;
  const chain = new DailyChain(seed);
  const quarantine = new Quarantine(persons);
  let ranked: readonly number[] = [];
  return {
    whomToTest: ({ reports }) => inOrder(reports, ranked),
    whoIsApart: ({ day, observed }) => {
      const problem = withoutReports(observedProblem(...parsed(observed(), PUBLISHED_RATE)));
      const counts = new Float64Array(persons);
      chain.run(problem, { warmUp: 0, sweeps, seenEvery: 1, groupsEvery: 0 }, null, ({ exposed, removed }) => {
        for (let person = 0; person < persons; person++)
          if (exposed[person]! <= day && removed[person]! > day) counts[person]!++;
      });
      const risk = counts.map((count) => count / sweeps);
      risk.forEach((each, person) => {
        if (each > isolate) quarantine.keep(person, day, quarantineDays);
        else if (1 - each > release) quarantine.release(person);
      });
      const apart = quarantine.on(day);
      const free = Array.from(risk.keys()).filter((person) => apart[person] === 0);
      ranked = free.sort((a, b) => risk[b]! - risk[a]! || a - b);
      return apart;
    },
  };
}

/** Risk with reports as evidence, and tests where they avert most. */
export function riskPolicy(setting: SettingOf<'risk'>, persons: number, seed: number, kind: number): Policy {
  const { warmUp, sweeps, isolate, horizon } = setting;
  const chain = new DailyChain(seed);
  let urgent: readonly number[] = [];
  return {
    whomToTest: ({ reports }) => inOrder(reports, urgent),
    whoIsApart: ({ day, capacity, observed }) => {
      const problem = observedProblem(...parsed(observed(), 1));
      const infectious = new Float64Array(persons);
      const collector = new SampleCollector(sweeps, persons, problem.days);
      const population = chain.run(
        problem,
        { warmUp, sweeps, seenEvery: SEEN_EVERY, groupsEvery: warmUp + sweeps },
        (person, { entersI, entersR }) => {
          let p = 0;
          for (let on = 0; on <= day; on++) p += entersI[on]! - entersR[on]!;
          infectious[person]! += p / Math.floor(sweeps / SEEN_EVERY);
        },
        (state) => collector.add(state),
      );
      const apart = Uint8Array.from(infectious, (p) => (p > isolate ? 1 : 0));
      const samples = collector.kept();
      const allocated = testAllocation({
        samples,
        onward: onwardInfections(population, problem.parameters, samples, { lookBack: LOOK_BACK, horizon }),
        kind: problem.parameters.tests[kind]!,
        capacity,
        circle: () => [],
        eligible: (person) => apart[person] === 0,
      });
      urgent = allocated.map(({ person }) => person);
      return apart;
    },
  };
}

/** Observations and what a policy knows of the parameters: those of the world, the rate from outside times a factor. */
function parsed(observed: ObservedOutbreak, factor: number): [ObservedOutbreak, RiskParameters] {
  const { external } = observed.parameters;
  const raised =
    typeof external === 'number'
      ? external * factor
      : external.map((rates) => rates.slice(0, observed.days).map((rate) => rate * factor));
  return [observed, parseRiskParameters({ ...observed.parameters, external: raised })];
}
