import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inferRisk } from '@haat/risk/inference';
import { contactIndex, enumerate, populationOf, PublishedUpdate, RiskChain } from '@haat/risk/model';
import { readCrispCase } from '@haat/risk/contract';
import { compilePeer } from '../risk.peer.mjs';
import { meetings } from '../risk.world.mjs';

const SEED = 1;
const WARM_UP = 80;
const SWEEPS = 40;
/** Infectivity in three phases, and half of all onsets reported. */
const rich = {
  infectivity: [...Array(4).fill(0.5), ...Array(6).fill(1), 0.3],
  symptoms: { reported: 0.5, falseReports: 0.001, delay: [0.5, 0.3, 0.2] },
};
const world = (shape) => meetings({ contacts: 10, external: 1e-4, probability: 0.0126, seed: SEED, ...shape });

/** Microseconds of CPU (all threads) an update, and the share infected after it. */
function updateTime(population, see) {
  const chain = new RiskChain(population, SEED, 1);
  let sweep = 0;
  for (; sweep < WARM_UP; sweep++) chain.sweep(sweep, see);
  const times = Array.from({ length: SWEEPS }, () => {
    const before = process.cpuUsage();
    chain.sweep(sweep++, see);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / population.persons;
  }).sort((a, b) => a - b);
  const infected = chain.state.exposed.reduce((sum, day) => sum + Number(day < population.days), 0);
  return { least: times[0], median: times[SWEEPS / 2], infected: infected / population.persons, chain };
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
    const plain = updateTime(full, null);
    const marginals = updateTime(full, () => undefined);
    const age = populationOf(world({ persons: 1000, days, external: days === 30 ? 1e-3 : 1e-4, ...rich }), contacts);
    const ageing = updateTime({ ...age, quiet: new Uint8Array(1000) }, () => undefined);
    row('risk.update.least', plain.least);
    row('risk.update', plain.median);
    row('risk.update.marginals.least', marginals.least);
    row('risk.update.marginals', marginals.median);
    row('risk.update.infectivity+symptoms+marginals', ageing.median);
    row('risk.update.short', updateTime(population, null).median);
    reporter.note(`${size}: ${(plain.infected * 100).toFixed(1)} % infected`);
    if (peer) {
      const times = peer.run(population, { warmUp: WARM_UP, sweeps: SWEEPS });
      row('risk.update.least', times.plain.least, peer.name);
      row('risk.update', times.plain.median, peer.name);
      row('risk.update.marginals', times.marginals.median, peer.name);
      row('risk.update.ratio', plain.least / times.plain.least, peer.name, 'times');
      row('risk.update.marginals.ratio', marginals.least / times.marginals.least, peer.name, 'times');
    }
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

/**
 * Two chains in two threads. What a sweep takes is the difference between a long and a short run: wall time over the sweeps of both chains, and CPU time
 * of one, which says more where others work on the machine too.
 */
async function sweeps(reporter, persons, days, shape, name) {
  const size = `${persons} persons x ${days} days, ${name}`;
  const row = (metric, value, unit) => reporter.row({ metric, value, unit, size, seed: SEED });
  const problem = world({ persons, days, ...shape });
  const timed = async (work) => {
    const before = process.cpuUsage();
    const started = performance.now();
    const result = await work();
    const { user, system } = process.cpuUsage(before);
    return { wall: (performance.now() - started) / 1000, cpu: (user + system) / 1e6, result };
  };
  const { wall, cpu, result: index } = await timed(() => contactIndex(problem));
  row('risk.index', wall, 's');
  row('risk.index.cpu', cpu, 's');
  row('risk.index.size', (index.entries.byteLength + index.start.byteLength) / 2 ** 20, 'MiB');
  const plan = { seed: SEED, chains: 2, threads: 2, clusterSteps: 0, warmUp: 8, groupsEvery: 0 };
  const [few, many] = [2, 12];
  const swept = async (metric, marginalsEvery) => {
    const short = await timed(() => inferRisk(problem, { ...plan, sweeps: few, marginalsEvery: marginalsEvery(few) }));
    const long = await timed(() => inferRisk(problem, { ...plan, sweeps: many, marginalsEvery: marginalsEvery(many) }));
    row(metric, (long.wall - short.wall) / (many - few) / 2, 's');
    row(`${metric}.cpu`, (long.cpu - short.cpu) / (many - few) / 2, 's');
    return long.result;
  };
  await swept('risk.sweep', (count) => count);
  const posterior = await swept('risk.sweep.marginals', () => 1);
  const { probability } = posterior.onDay(days - 1);
  let susceptible = 0;
  for (let cell = 0; cell < probability.length; cell += 4) susceptible += probability[cell];
  row('risk.sweep.infected', 1 - susceptible / persons, 'share');
  row('risk.memory.most', process.resourceUsage().maxRSS / 1024, 'MiB');
}

/** Errors against cases whose marginals are known: a folder that `--cases` names. */
async function cases(reporter, folder) {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const raw = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const { name, problem } = readCrispCase(raw, file);
    const truth = raw.result.marginals.flat(2);
    const furthest = (of) => truth.reduce((most, p, cell) => Math.max(most, Math.abs(p - of(cell))), 0);
    const row = (metric, value, unit = '1') => reporter.row({ metric, value, unit, size: name, seed: SEED });
    if (raw.result.kind === 'exact') {
      const { probability, logEvidence } = enumerate(problem);
      row(
        'risk.case.enumeration.error',
        furthest((cell) => probability[cell]),
      );
      row('risk.case.enumeration.lnEvidence.error', Math.abs(logEvidence - raw.result.logEvidence), 'nat');
    }
    const sweeps = Math.min(40_000, Math.max(2_000, Math.round(200_000 / problem.persons)));
    const started = process.cpuUsage();
    const posterior = await inferRisk(problem, {
      seed: SEED,
      chains: 4,
      threads: 2,
      clusterSteps: 0,
      warmUp: Math.ceil(sweeps / 10),
      sweeps,
      marginalsEvery: 1,
      groupsEvery: 1,
    });
    const { user, system } = process.cpuUsage(started);
    const stride = problem.days * 4;
    const timelines = Array.from({ length: problem.persons }, (_, person) => posterior.timeline(person).probability);
    row(
      'risk.case.sampler.error',
      furthest((cell) => timelines[Math.floor(cell / stride)][cell % stride]),
    );
    row('risk.case.sampler.rHat', Math.max(...posterior.agreement.rHat));
    row('risk.case.sampler.cpu', (user + system) / 1e6, 's');
  }
}

export async function run(reporter, { large = false, cases: folder }) {
  if (folder === undefined) reporter.skipped('cases with known marginals', 'name their folder: --cases DIR');
  else await cases(reporter, folder);
  const peer = compilePeer();
  if (!peer) reporter.skipped('the same update in C++', 'no C++ compiler on the PATH');
  try {
    updates(reporter, peer);
  } finally {
    peer?.close();
  }
  await sweeps(reporter, 100_000, 100, {}, 'half infected');
  await sweeps(reporter, 100_000, 100, { probability: 0.006, external: 2e-4 }, 'few infected');
  if (large) await sweeps(reporter, 1_000_000, 28, { external: 1e-3 }, 'few infected');
}
