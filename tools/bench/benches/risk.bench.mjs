import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inferRisk } from '@haat/risk/inference';
import { contactIndex, enumerate, populationOf, PublishedUpdate, RiskChain } from '@haat/risk/model';
import { readCrispCase } from '@haat/risk/contract';
import { asShipped, build } from '../race.mjs';
import { ownSampling, publishedSampling, rootMeanSquare } from '../risk.accuracy.mjs';
import { compilePeer } from '../risk.peer.mjs';
import { meetings } from '../risk.world.mjs';
import { median } from '../timing.mjs';

const SEED = 1;
const WARM_UP = 80;
const SWEEPS = 40;
const ROUNDS = 9;
/** Lengths of chains: for cases that are enumerated, and for those whose truth is from sampling. */
const LONGEST = { sweeps: 40_000, groupsEvery: 1 };
const LENGTHS = [
  { sweeps: 400, groupsEvery: 0 },
  { sweeps: 4_000, groupsEvery: 1 },
];
/** What a sampler has for a case, seconds of CPU. */
const EQUAL_SECONDS = 5;
/** Seeds that each is run with. */
const EQUAL_SEEDS = 4;
/** Infectivity in three phases, and half of all onsets reported. */
const rich = {
  infectivity: [...Array(4).fill(0.5), ...Array(6).fill(1), 0.3],
  symptoms: { reported: 0.5, falseReports: 0.001, delay: [0.5, 0.3, 0.2] },
};
const meeting = { contacts: 10, external: 1e-4, probability: 0.0126, seed: SEED };
const world = (shape) => meetings({ ...meeting, ...shape });

/** Microseconds of CPU (all threads) an update in each of several sweeps from `from` on. */
function updateTimes(chain, see, from) {
  return Array.from({ length: SWEEPS }, (_, k) => {
    const before = process.cpuUsage();
    chain.sweep(from + k, see);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / chain.population.persons;
  }).sort((a, b) => a - b);
}

/** The state of a chain as the peer takes it: first days in E, I and R of everybody. */
const stateOf = ({ state: { exposed, infectious, removed } }) => Uint8Array.of(...exposed, ...infectious, ...removed);
const hashOf = (state) => state.reduce((sum, day) => (Math.imul(sum, 31) + day) >>> 0, 0);

/**
 * One thread, chain 1. Rounds of sweeps, each then done by the peer from the same state with the same numbers of chance: what else the machine does falls on both alike, and
 * they have to come to the same state.
 */
function race(population, see, peer) {
  const chain = new RiskChain(population, SEED, 1);
  for (let sweep = 0; sweep < WARM_UP; sweep++) chain.sweep(sweep, see);
  const rounds = Array.from({ length: ROUNDS }, (_, round) => {
    const sweep = WARM_UP + round * SWEEPS;
    const state = stateOf(chain);
    const own = updateTimes(chain, see, sweep);
    if (!peer) return { own };
    const answer = peer.run(population, { seed: SEED, chain: 1, sweep, state }, SWEEPS)[see ? 'marginals' : 'plain'];
    if (answer.hash !== hashOf(stateOf(chain))) throw new Error('The C++ program drew other trajectories');
    return { own, other: answer, ratio: own[SWEEPS / 2] / answer.median };
  });
  const infected = chain.state.exposed.reduce((sum, day) => sum + Number(day < population.days), 0);
  return {
    least: Math.min(...rounds.map(({ own }) => own[0])),
    median: median(rounds.map(({ own }) => own[SWEEPS / 2])),
    infected: infected / population.persons,
    chain,
    ...(peer && {
      peer: {
        least: Math.min(...rounds.map(({ other }) => other.least)),
        median: median(rounds.map(({ other }) => other.median)),
        ratio: median(rounds.map(({ ratio }) => ratio)),
      },
    }),
  };
}

/** One thread, 1,000 persons; without the short way for persons of whom nothing speaks for infection. */
function updates(reporter, peer) {
  for (const days of [30, 100]) {
    const problem = world({ persons: 1000, days, external: days === 30 ? 1e-3 : 1e-4 });
    const contacts = contactIndex(problem);
    const population = populationOf(problem, contacts);
    const size = `1000 persons x ${days} days`;
    const row = (metric, value, who, unit = 'us') => reporter.row({ metric, value, unit, size, seed: SEED, peer: who });
    const full = { ...population, quiet: new Uint8Array(1000) };
    const plain = race(full, null, peer);
    const marginals = race(full, () => undefined, peer);
    for (const [metric, times] of Object.entries({ 'risk.update': plain, 'risk.update.marginals': marginals })) {
      row(`${metric}.least`, times.least);
      row(metric, times.median);
      if (!times.peer) continue;
      row(`${metric}.least`, times.peer.least, peer.name);
      row(metric, times.peer.median, peer.name);
      row(`${metric}.ratio`, times.peer.ratio, peer.name, 'times');
    }
    row('risk.update.short', race(population, null, null).median);
    reporter.note(`${size}: ${(plain.infected * 100).toFixed(1)} % infected`);
    const published = new PublishedUpdate(problem, plain.chain.state);
    const count = days === 30 ? 40 : 10;
    for (let person = 0; person < 5; person++) published.weigh(person);
    const before = process.cpuUsage();
    for (let person = 0; person < count; person++) published.weigh(person);
    const { user, system } = process.cpuUsage(before);
    const slow = (user + system) / count;
    row('risk.update', slow, 'the published update (all traces, all days)');
    row('risk.update.speedup', slow / plain.median, 'the published update (all traces, all days)', 'times');
  }
}

/** The same with infectivity that changes and symptoms, whose sums take four bytes; no peer does it. */
function richUpdates(reporter) {
  for (const days of [30, 100]) {
    const problem = world({ persons: 1000, days, external: days === 30 ? 1e-3 : 1e-4, ...rich });
    const population = populationOf(problem, contactIndex(problem));
    const { least, median } = race({ ...population, quiet: new Uint8Array(1000) }, () => undefined, null);
    const row = (metric, value) =>
      reporter.row({ metric, value, unit: 'us', size: `1000 persons x ${days} days`, seed: SEED });
    row('risk.update.infectivity+symptoms+marginals.least', least);
    row('risk.update.infectivity+symptoms+marginals', median);
  }
}

/** What `risk.process.mjs` says of one piece of work, in a process of its own. */
async function done(work, shape, plan) {
  const [node, ...args] = asShipped(fileURLToPath(new URL('../risk.process.mjs', import.meta.url)));
  const { stdout } = await promisify(execFile)(node, [...args, JSON.stringify({ work, shape, plan })]);
  return JSON.parse(stdout);
}

/**
 * Two chains in two threads. What a sweep takes is the difference between a long and a short run: wall time over the sweeps of both chains, and CPU time
 * of one, which says more where others work on the machine too.
 */
async function sweeps(reporter, persons, days, shape, name) {
  const size = `${persons} persons x ${days} days, ${name}`;
  const row = (metric, value, unit) => reporter.row({ metric, value, unit, size, seed: SEED });
  const whole = { ...meeting, persons, days, ...shape };
  const plan = { seed: SEED, chains: 2, threads: 2, clusterSteps: 0, warmUp: 8, groupsEvery: 0 };
  const [few, many] = [2, 12];
  for (const [metric, marginalsEvery] of [
    ['risk.sweep', (count) => count],
    ['risk.sweep.marginals', () => 1],
  ]) {
    const short = await done('infer', whole, { ...plan, sweeps: few, marginalsEvery: marginalsEvery(few) });
    const long = await done('infer', whole, { ...plan, sweeps: many, marginalsEvery: marginalsEvery(many) });
    row(metric, (long.wall - short.wall) / (many - few) / 2, 's');
    row(`${metric}.cpu`, (long.cpu - short.cpu) / (many - few) / 2, 's');
    row(`${metric}.memory.most`, long.memory, 'MiB');
    row(`${metric}.infected`, long.infected, 'share');
  }
}

/** The index of contacts from columns in memory. */
async function index(reporter, persons, days) {
  const row = (metric, value, unit) =>
    reporter.row({ metric, value, unit, size: `${persons} persons x ${days} days`, seed: SEED });
  const { wall, cpu, bytes, entries } = await done('index', { ...meeting, persons, days });
  row('risk.index', wall, 's');
  row('risk.index.cpu', cpu, 's');
  row('risk.index.size', bytes / 2 ** 20, 'MiB');
  row('risk.index.entries', entries / 1e6, 'million');
}

/** A million persons: fifty sweeps of two chains in two threads, index and all, as one run. */
async function million(reporter) {
  const [persons, days] = [1_000_000, 28];
  await index(reporter, persons, days);
  const plan = { seed: SEED, chains: 2, threads: 2, clusterSteps: 0, warmUp: 5, sweeps: 20, groupsEvery: 0 };
  for (const [name, external] of [
    ['many infected', 1e-3],
    ['few infected', 1e-4],
  ]) {
    for (const marginalsEvery of [1, 20]) {
      const size = `${persons} persons x ${days} days, 2 chains of 25 sweeps, each ${marginalsEvery} counts, ${name}`;
      const row = (metric, value, unit) => reporter.row({ metric, value, unit, size, seed: SEED });
      const shape = { ...meeting, persons, days, external };
      const { wall, cpu, memory, infected, chains } = await done('infer', shape, { ...plan, marginalsEvery });
      row('risk.run', wall, 's');
      row('risk.run.chains', chains, 's');
      row('risk.run.cpu', cpu, 's');
      row('risk.run.memory.most', memory, 'MiB');
      row('risk.run.infected', infected, 'share');
    }
  }
}

/** Errors against cases whose marginals are known: a folder that `--cases` names. */
async function cases(reporter, folder) {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const raw = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const { name, problem } = readCrispCase(raw, file);
    const truth = raw.result.marginals.flat(2);
    const row = (metric, value, unit = '1', size = name) => reporter.row({ metric, value, unit, size, seed: SEED });
    const exact = raw.result.kind === 'exact';
    if (exact) {
      const { probability, logEvidence } = enumerate(problem);
      row('risk.case.enumeration.error', errorsOf(truth, (cell) => probability[cell]).most);
      row('risk.case.enumeration.lnEvidence.error', Math.abs(logEvidence - raw.result.logEvidence), 'nat');
    }
    for (const length of exact ? [LONGEST] : LENGTHS) await sampled(problem, truth, length, name, row);
    accuracy(problem, exact ? truth : null, row);
  }
}

/** How far four chains of one length are from the truth, at the most and on average, and what they take. */
async function sampled(problem, truth, { sweeps, groupsEvery }, name, row) {
  const started = process.cpuUsage();
  const posterior = await inferRisk(problem, {
    seed: SEED,
    chains: 4,
    threads: 2,
    clusterSteps: 0,
    warmUp: sweeps / 10,
    sweeps,
    marginalsEvery: 1,
    groupsEvery,
  });
  const { user, system } = process.cpuUsage(started);
  const stride = problem.days * 4;
  const timelines = Array.from({ length: problem.persons }, (_, person) => posterior.timeline(person).probability);
  const { most, mean } = errorsOf(truth, (cell) => timelines[Math.floor(cell / stride)][cell % stride]);
  const size = `${name}, ${sweeps} sweeps${groupsEvery > 0 ? ' with groups' : ''}`;
  row('risk.case.sampler.error', most, '1', size);
  row('risk.case.sampler.error.mean', mean, '1', size);
  row('risk.case.sampler.rHat', Math.max(...posterior.agreement.rHat), '1', size);
  row('risk.case.sampler.cpu', (user + system) / 1e6, 's', size);
}

/** The largest and the mean distance from the truth, over its cells. */
function errorsOf(truth, of) {
  const errors = truth.map((p, cell) => Math.abs(p - of(cell)));
  return {
    most: errors.reduce((most, error) => Math.max(most, error), 0),
    mean: errors.reduce((sum, error) => sum + error, 0) / errors.length,
  };
}

/**
 * Root mean square errors after equal times of CPU on one thread, over some seeds. Where the truth is itself from sampling, and no more exact than what is measured, a run of ours of
 * ten times as long, with other numbers of chance, stands for it.
 */
function accuracy(problem, known, row) {
  ownSampling(problem, 1, SEED);
  const truth = known ?? ownSampling(problem, 10 * EQUAL_SECONDS, SEED + EQUAL_SEEDS);
  const [error, other] = [ownSampling, publishedSampling].map((sampling) => {
    const errors = Array.from({ length: EQUAL_SEEDS }, (_, k) =>
      rootMeanSquare(sampling(problem, EQUAL_SECONDS, SEED + k), truth),
    );
    return Math.hypot(...errors) / Math.sqrt(EQUAL_SEEDS);
  });
  row('risk.case.equalTime.error', error);
  row('risk.case.equalTime.error.published', other);
  row('risk.case.equalTime.ratio', other / error, 'times');
}

export async function run(reporter, { large = false, cases: folder }) {
  // First, for what a process has met before makes its code for arrays of one width one for many.
  const peer = compilePeer();
  if (!peer) reporter.skipped('the same update in C++', 'no C++ compiler on the PATH');
  try {
    updates(reporter, peer);
    richUpdates(reporter);
  } finally {
    peer?.close();
  }
  build('libs/risk');
  await index(reporter, 100_000, 100);
  await sweeps(reporter, 100_000, 100, {}, 'many infected');
  await sweeps(reporter, 100_000, 100, { probability: 0.006, external: 2e-4 }, 'few infected');
  if (large) await million(reporter);
  if (folder === undefined) reporter.skipped('cases with known marginals', 'name their folder: --cases DIR');
  else await cases(reporter, folder);
}
