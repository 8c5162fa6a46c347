import { ChainState, contactIndex, populationOf, PublishedUpdate, RiskChain } from '@haat/risk/model';

/** splitmix32 as numbers in [0, 1). */
function uniforms(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** Seconds of CPU since `before`. */
function since(before) {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Sweeps before any counts. */
const WARM_UP = 10;

/**
 * The published sampler on a problem, for so many seconds of CPU: each person's trajectory is drawn from the weights of all its traces, and states of draws are
 * counted. P(S), P(E), P(I), P(R) of each person and day.
 */
export function publishedSampling(problem, seconds, seed) {
  const { persons, days } = problem;
  const next = uniforms(seed);
  const state = new ChainState(populationOf(problem, contactIndex(problem)));
  const update = new PublishedUpdate(problem, state);
  const probability = new Float64Array(persons * days * 4);
  const before = process.cpuUsage();
  let sweep = 0;
  for (; sweep <= WARM_UP || since(before) < seconds; sweep++) {
    for (let person = 0; person < persons; person++) {
      const { traces, lnWeight } = update.weigh(person);
      const most = lnWeight.reduce((a, b) => Math.max(a, b));
      let left = next() * lnWeight.reduce((sum, ln) => sum + Math.exp(ln - most), 0);
      let at = 0;
      while (at < traces.length - 1 && (left -= Math.exp(lnWeight[at] - most)) >= 0) at++;
      const { exposed, infectious, removed } = traces[at];
      state.set(person, exposed, infectious, removed, 0);
      if (sweep < WARM_UP) continue;
      for (let day = 0; day < days; day++) {
        const which = day < exposed ? 0 : day < infectious ? 1 : day < removed ? 2 : 3;
        probability[(person * days + day) * 4 + which] += 1;
      }
    }
  }
  return probability.map((draws) => draws / (sweep - WARM_UP));
}

/** One chain of ours for as long, groups and the laws of every sweep counted. */
export function ownSampling(problem, seconds, seed) {
  const { persons, days } = problem;
  const chain = new RiskChain(populationOf(problem, contactIndex(problem)), seed, 0);
  const probability = new Float64Array(persons * days * 4);
  const count = (person, { entersE, entersI, entersR }) => {
    let [inE, inI, inR] = [0, 0, 0];
    for (let day = 0, at = person * days * 4; day < days; day++, at += 4) {
      inE += entersE[day];
      inI += entersI[day];
      inR += entersR[day];
      probability[at] += 1 - inE;
      probability[at + 1] += inE - inI;
      probability[at + 2] += inI - inR;
      probability[at + 3] += inR;
    }
  };
  const before = process.cpuUsage();
  let sweep = 0;
  while (sweep <= WARM_UP || since(before) < seconds) {
    chain.sweep(sweep, sweep < WARM_UP ? null : count);
    chain.sweepGroups(sweep++);
  }
  return probability.map((sum) => sum / (sweep - WARM_UP));
}

/** Root of the mean square of what differs from the truth. */
export function rootMeanSquare(probability, truth) {
  return Math.sqrt(probability.reduce((sum, p, cell) => sum + (p - truth[cell]) ** 2, 0) / truth.length);
}
