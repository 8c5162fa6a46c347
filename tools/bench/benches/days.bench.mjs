import { factsFrom } from '@haat/risk/features';
import { ChainRun, contactIndex, foldedDays, movedTrajectories, populationOf, posteriorOf } from '@haat/risk/model';
import { observedProblem } from '@haat/risk/policy';
import { simulateCity } from '@haat/simulators';

const SEED = 1;
const WINDOW = 14;
const MOVED = 7;
const plan = { seed: SEED, chains: 4, marginalsEvery: 1, groupsEvery: 12, explain: [] };
const LONG = { warmUp: 100, sweeps: 400 };
const SHORT = { warmUp: 0, sweeps: 40 };

/** Days of a problem from the `from`-th on, `days` of them. */
function windowOf(problem, from, days) {
  const facts = { ...problem, persons: { id: { length: problem.persons } } };
  const { contacts, tests, symptoms } = factsFrom(facts, from, '');
  const within = (columns) => {
    const rows = [...columns.day.keys()].filter((row) => columns.day[row] < days);
    const taken = Object.entries(columns).map(([name, column]) => [
      name,
      ArrayBuffer.isView(column) ? column.constructor.from(rows, (row) => column[row]) : rows.length,
    ]);
    return Object.fromEntries(taken);
  };
  return { ...problem, days, contacts: contacts.map(within), tests: within(tests), symptoms: within(symptoms) };
}

/** CPU seconds of work in this thread, and what came of it. */
function timed(work) {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1e6, result };
}

/** Chains of a problem, from states where there are any; what they say and where they end. */
function sampled(problem, sampling, states = null, seed = SEED) {
  const population = populationOf(problem, contactIndex(problem));
  const all = { ...plan, ...sampling, seed };
  const runs = Array.from({ length: plan.chains }, (_, chain) => {
    const run = new ChainRun(population, all, chain);
    if (states) run.chain.state.take(states[chain]);
    while (!run.finished) run.step();
    return run;
  });
  const sums = runs.map((run) => run.sums);
  const posterior = posteriorOf(problem.persons, problem.days, sums);
  return { posterior, states: runs.map(({ chain }) => chain.state.trajectories()) };
}

/** P(E or I) of everybody on the last day. */
function risks({ posterior }) {
  const { probability } = posterior.onDay(posterior.days - 1);
  return Float64Array.from(
    { length: posterior.persons },
    (_, person) => probability[person * 4 + 1] + probability[person * 4 + 2],
  );
}

/** Root of the mean square, and the largest, of the differences. */
function differences(a, b) {
  const squares = a.reduce((sum, p, person) => sum + (p - b[person]) ** 2, 0);
  return {
    rms: Math.sqrt(squares / a.length),
    most: a.reduce((most, p, person) => Math.max(most, Math.abs(p - b[person])), 0),
  };
}

/** A window of 14 days that moves by seven, day by day, over a city: what folding loses and what beginning where chains were saves. */
export async function run(reporter, { large = false }) {
  const persons = large ? 20_000 : 1_000;
  const world = simulateCity({ seed: SEED, persons, days: WINDOW + MOVED, external: 1e-3, adoption: 0.7 });
  const { observed } = world;
  const whole = observedProblem(observed, observed.parameters);
  const size = `${persons} persons x ${WINDOW} days, moved by ${MOVED}`;
  const row = (metric, value, unit) => reporter.row({ metric, value, unit, size, seed: SEED });

  let problem = windowOf(whole, 0, WINDOW);
  let at = sampled(problem, { warmUp: 100, sweeps: 60 });
  let folding = 0;
  for (let day = 1; day <= MOVED; day++) {
    const infectious = Float32Array.from(
      { length: persons },
      (_, person) => at.posterior.timeline(person).probability[2],
    );
    const { cpu, result: initial } = timed(() => foldedDays(problem, 1, infectious));
    folding += cpu / MOVED;
    problem = { ...windowOf(whole, day, WINDOW), initial };
    const states = at.states.map((state) => movedTrajectories(state, WINDOW, 1));
    if (day < MOVED) at = sampled(problem, { warmUp: 10, sweeps: 60 }, states, SEED + day);
    else at = { ...at, states };
  }
  row('days.fold', folding * 1000, 'ms');
  row('days.fold.rows', problem.initial.rows / persons, 'a person');

  const folded = risks(sampled(problem, LONG, at.states, 101));
  const again = risks(sampled(problem, LONG, null, 102));
  const full = risks(sampled(whole, LONG, null, 103));
  const forgetful = risks(sampled({ ...problem, initial: null }, LONG, null, 104));
  const told = (name, one, other) => {
    const { rms, most } = differences(one, other);
    row(`${name}.rms`, rms, '1');
    row(`${name}.most`, most, '1');
  };
  told('days.sampling', folded, again);
  told('days.folded', folded, full);
  told('days.forgetful', forgetful, full);

  const truth = folded.map((p, person) => (p + again[person]) / 2);
  for (const warmUp of [0, 10, 50]) {
    for (const [name, states] of [
      ['warm', at.states],
      ['cold', null],
    ]) {
      const { cpu, result } = timed(() => risks(sampled(problem, { ...SHORT, warmUp }, states, 7)));
      row(`days.${name}.${warmUp}.rms`, differences(result, truth).rms, '1');
      row(`days.${name}.${warmUp}.cpu`, cpu, 's');
    }
  }

  const started = populationOf(problem, contactIndex(problem));
  const plain = populationOf({ ...problem, initial: null }, contactIndex(problem));
  for (const [name, population] of [
    ['days.update.known', started],
    ['days.update.unknown', plain],
  ]) {
    const chain = new ChainRun(population, { ...plan, ...LONG }, 0).chain;
    for (let sweep = 0; sweep < 20; sweep++) chain.sweep(sweep, () => undefined);
    const { cpu } = timed(() => {
      for (let sweep = 20; sweep < 40; sweep++) chain.sweep(sweep, () => undefined);
    });
    row(name, (cpu * 1e6) / 20 / persons, 'us');
  }
}
