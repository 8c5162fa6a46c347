import { ChainRun, ChainState, contactIndex, populationOf, PublishedUpdate } from '@haat/risk/model';

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

/** After so many sweeps groups are drawn: what `inferRisk` does by itself. */
const GROUPS_EVERY = 4;

/** One chain of ours for as long; the laws of every sweep count. */
export function ownSampling(problem, seconds, seed) {
  const { persons, days } = problem;
  const plan = {
    seed,
    chains: 1,
    warmUp: WARM_UP,
    sweeps: 1e9,
    marginalsEvery: 1,
    groupsEvery: GROUPS_EVERY,
    explain: [],
  };
  const run = new ChainRun(populationOf(problem, contactIndex(problem)), plan, 0);
  const before = process.cpuUsage();
  while (run.done <= WARM_UP || since(before) < seconds) run.step();
  const probability = new Float64Array(persons * days * 4);
  const { sums } = run.sums.marginals;
  const counted = run.done - WARM_UP;
  for (let person = 0; person < persons; person++) {
    const entering = [0, 0, 0];
    for (let day = 0; day < days; day++) {
      for (let state = 0; state < 3; state++) entering[state] += sums[(person * 3 + state) * days + day] / counted;
      const [inE, inI, inR] = entering;
      probability.set([1 - inE, inE - inI, inI - inR, inR], (person * days + day) * 4);
    }
  }
  return probability;
}

/** Root of the mean square of what differs from the truth. */
export function rootMeanSquare(probability, truth) {
  return Math.sqrt(probability.reduce((sum, p, cell) => sum + (p - truth[cell]) ** 2, 0) / truth.length);
}
