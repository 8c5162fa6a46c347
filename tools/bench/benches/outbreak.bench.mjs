import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { contactCounts, meanField, randomScores } from '@haat/risk/model';
import { inferRisk } from '@haat/risk/inference';
import {
  DailyChain,
  observedProblem,
  pairedDifference,
  policyChart,
  seedMean,
  simulatePolicies,
  summarise,
  withoutReports,
} from '@haat/risk/policy';
import { publishedDurations, simulateOutbreak } from '@haat/simulators';
import { parse, View } from 'vega';
import { compile } from 'vega-lite';
import { areaUnderCurve } from '../ranking.mjs';

const THREADS = 2;

/** Chains of one inference: enough that the sum over persons is known to about a hundredth. */
const SAMPLING = {
  chains: 2,
  warmUp: 60,
  sweeps: 120,
  marginalsEvery: 2,
  groupsEvery: 12,
  clusterSteps: 0,
  threads: THREADS,
};

const PUBLISHED_SWEEPS = 100;

/** The outbreak of calibration and ranking: six contacts a day, four fifths of them in groups of twenty; R0 = 2.5 were nobody met twice. */
const calibrated = {
  persons: 600,
  days: 40,
  meetings: [
    { channel: 0, groups: [...new Array(20).fill(0), 1], mean: 4.8 / 19, units: [1, 1] },
    { channel: 0, groups: null, mean: 1.2, units: [1, 1] },
  ],
  parameters: {
    external: 4e-4,
    channels: [{ name: 'all', probability: 0.021 }],
    ...published(),
    tests: [{ name: 'pcr', positive: { S: 0.01, E: 0.01, I: 0.98, R: 0.01 } }],
    symptoms: { reported: 0.5, falseReports: 0.001, delay: [1] },
  },
};

/** The policy experiment of the published paper (arXiv 2006.04942, section 5.2): 1,000 persons, 150 days, 10 tests a day from day 30 on. */
const epidemic = {
  world: {
    persons: 1000,
    days: 150,
    meetings: [{ channel: 0, groups: null, mean: 5.03, units: [1, 1] }],
    parameters: {
      external: 1e-4,
      channels: [{ name: 'other', probability: 0.025 }],
      ...published(),
      tests: [{ name: 'pcr', positive: { S: 0.01, E: 0.01, I: 0.999, R: 0.01 } }],
      symptoms: { reported: 0.5, falseReports: 0.001, delay: [1] },
    },
  },
  start: 30,
  capacity: 10,
  kind: 0,
};

function published() {
  return { exposed: publishedDurations.exposed, infectious: publishedDurations.infectious, infectivity: [1] };
}

const risky = (name, isolate) => ({ name, kind: 'risk', warmUp: 4, sweeps: 16, isolate, horizon: 14 });
const asPublished = (name, isolate) => ({
  name,
  kind: 'published',
  sweeps: PUBLISHED_SWEEPS,
  isolate,
  release: 0.9,
  quarantineDays: 14,
});
const rules = [
  { name: 'none', kind: 'none' },
  { name: 'symptoms, 14 d', kind: 'symptoms', quarantineDays: 14 },
  { name: 'tracing, 14 d', kind: 'tracing', quarantineDays: 14, lookBack: 5, depth: 1 },
  { name: 'tracing of contacts of contacts, 14 d', kind: 'tracing', quarantineDays: 14, lookBack: 5, depth: 2 },
];
const PUBLISHED = 'published, P(E or I) > 0.3';
const few = [
  ...rules,
  asPublished(PUBLISHED, 0.3),
  risky('Haat, P(I) > 0.01', 0.01),
  risky('Haat, P(I) > 0.02', 0.02),
  risky('Haat, P(I) > 0.1', 0.1),
];
const all = [
  ...rules,
  { name: 'tracing, 7 d', kind: 'tracing', quarantineDays: 7, lookBack: 5, depth: 1 },
  asPublished('published, P(E or I) > 0.1', 0.1),
  asPublished(PUBLISHED, 0.3),
  asPublished('published, P(E or I) > 0.5', 0.5),
  risky('Haat, P(I) > 0.01', 0.01),
  risky('Haat, P(I) > 0.02', 0.02),
  risky('Haat, P(I) > 0.05', 0.05),
  risky('Haat, P(I) > 0.1', 0.1),
  risky('Haat, P(I) > 0.2', 0.2),
];

/** P(E or I) of each person on the last day, by each method. */
async function risksOf(problem, seed) {
  const atEnd = async (of) => {
    const { probability } = (await inferRisk(of, { ...SAMPLING, seed })).onDay(problem.days - 1);
    return Float64Array.from(
      { length: problem.persons },
      (_, person) => probability[person * 4 + 1] + probability[person * 4 + 2],
    );
  };
  const field = (of) => {
    const probability = meanField(of);
    const last = (person) => (person * problem.days + problem.days - 1) * 4;
    return Float64Array.from(
      { length: problem.persons },
      (_, person) => probability[last(person) + 1] + probability[last(person) + 2],
    );
  };
  const without = withoutReports(problem);
  const reports = problem.parameters.symptoms !== null;
  return {
    Haat: await atEnd(problem),
    ...(reports && { 'published model, sampled to its end': await atEnd(without) }),
    'published, 100 sweeps, 10 x rate': fewSweeps(without, seed),
    'mean field of the published model': field(without),
    ...(reports && { 'mean field, reports as evidence': field(problem) }),
  };
}

/** As the published code scores: no warm-up, states and not laws, ten times the rate from outside. */
function fewSweeps(problem, seed) {
  const { parameters, persons, days } = problem;
  const risk = new Float64Array(persons);
  const raised = { ...problem, parameters: { ...parameters, external: parameters.external * 10 } };
  const sweeps = { warmUp: 0, sweeps: PUBLISHED_SWEEPS, seenEvery: 1, groupsEvery: 0 };
  new DailyChain(seed).run(raised, sweeps, null, ({ exposed, removed }) => {
    for (let person = 0; person < persons; person++)
      if (exposed[person] < days && removed[person] === days) risk[person] += 1 / PUBLISHED_SWEEPS;
  });
  return risk;
}

const text = ({ mean, halfWidth }, digits = 3) => `${mean.toFixed(digits)} ± ${halfWidth.toFixed(digits)}`;
const peerOf = (method) => (method.startsWith('Haat') ? null : method);

/** Predicted over true numbers of E or I, and how well undetected ones are ranked, over worlds. */
async function judgeRisks(reporter, worlds, name, testing, symptoms) {
  const parameters = symptoms ? calibrated.parameters : { ...calibrated.parameters, symptoms: null };
  const predicted = new Map();
  const areas = new Map();
  const truths = [];
  const note = (map, key, value) => (map.has(key) ? map.get(key).push(value) : map.set(key, [value]));
  for (let seed = 1; seed <= worlds; seed++) {
    const { observed, truth } = simulateOutbreak({ ...calibrated, parameters, testing, seed });
    const problem = observedProblem(observed, observed.parameters);
    const { persons, days } = problem;
    const infected = (person) => truth.exposed[person] < days && truth.removed[person] >= days;
    const everyone = Array.from({ length: persons }, (_, person) => person);
    const found = new Set([...observed.tests.person].filter((_, row) => observed.tests.positive[row] === 1));
    const undetected = everyone.filter((person) => !found.has(person));
    truths.push(everyone.filter(infected).length);
    const risks = await risksOf(problem, seed);
    for (const [method, risk] of Object.entries(risks))
      note(
        predicted,
        method,
        risk.reduce((sum, each) => sum + each, 0),
      );
    const scores = { ...risks, 'contact counting': contactCounts(problem), random: randomScores(persons, seed) };
    if (!undetected.some(infected)) continue;
    for (const [method, score] of Object.entries(scores))
      note(areas, method, areaUnderCurve(score, infected, undetected));
  }
  const size = `${worlds} worlds of ${calibrated.persons} x ${calibrated.days}`;
  const seeds = `1-${worlds}`;
  const total = truths.reduce((sum, each) => sum + each, 0);
  for (const [method, sums] of predicted) {
    const difference = seedMean(sums.map((sum, at) => sum - truths[at]));
    const [ratio, half] = [1 + (difference.mean * worlds) / total, (difference.halfWidth * worlds) / total];
    reporter.row({
      metric: `outbreak.${name}.predictedOverTrue`,
      value: ratio,
      unit: `± ${half.toFixed(3)}`,
      size,
      seed: seeds,
      peer: peerOf(method),
    });
  }
  const counting = areas.get('contact counting');
  for (const [method, own] of areas) {
    const mean = seedMean(own);
    reporter.row({
      metric: `outbreak.${name}.auc`,
      value: mean.mean,
      unit: `± ${mean.halfWidth.toFixed(3)}`,
      size,
      seed: seeds,
      peer: peerOf(method),
    });
    if (method === 'contact counting') continue;
    const above = seedMean(own.map((area, at) => area - counting[at]));
    reporter.row({
      metric: `outbreak.${name}.aucOverCounting`,
      value: above.mean,
      unit: `± ${above.halfWidth.toFixed(3)}`,
      size,
      seed: seeds,
      peer: peerOf(method),
    });
  }
  const gain = seedMean(areas.get('Haat').map((area, at) => area - counting[at]));
  reporter.note(
    `${name}: AUC of undetected E or I over contact counting ${text(gain)}: ${gain.mean - gain.halfWidth > 0 ? 'above zero' : 'NOT above zero'}`,
  );
}

/** Outcomes that an earlier start left, and a way to leave more. */
function kept(file) {
  if (file === undefined) return { known: [], keep: () => {} };
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  return {
    known: lines.map((line) => JSON.parse(line)),
    keep: (outcome) => appendFileSync(file, `${JSON.stringify(outcome)}\n`),
  };
}

async function judgePolicies(reporter, seeds, policies, { outcomes: file, plot }) {
  const experiment = {
    ...epidemic,
    seeds: Array.from({ length: seeds }, (_, k) => k + 1),
    policies,
  };
  const { known, keep } = kept(file);
  const outcomes = await simulatePolicies(experiment, {
    threads: THREADS,
    known,
    onOutcome: (outcome, done, total) => {
      keep(outcome);
      reporter.note(
        `${done} of ${total}: ${outcome.policy}, seed ${outcome.seed}: ${(outcome.infected * 100).toFixed(1)} % infected, ${outcome.quarantineDays} days apart`,
      );
    },
  });
  const { world, capacity } = epidemic;
  const size = `${world.persons} x ${world.days}, ${capacity} tests a day`;
  const row = (policy, metric, { mean, halfWidth }, digits) =>
    reporter.row({
      metric: `outbreak.policy.${metric}`,
      value: mean,
      unit: `± ${halfWidth.toFixed(digits)}`,
      size,
      seed: `1-${seeds}`,
      peer: policy,
    });
  const summaries = summarise(outcomes);
  for (const { policy, infected, quarantineDays } of summaries) {
    row(policy, 'infected', infected, 3);
    row(policy, 'daysApart', quarantineDays, 0);
  }
  for (const policy of policies.map(({ name }) => name).filter((name) => name.startsWith('Haat'))) {
    const { infected, quarantineDays } = pairedDifference(outcomes, policy, PUBLISHED);
    row(policy, 'infected.overPublished', infected, 3);
    row(policy, 'daysApart.overPublished', quarantineDays, 0);
    const better = infected.mean + infected.halfWidth <= 0 && quarantineDays.mean + quarantineDays.halfWidth <= 0;
    reporter.note(
      `${policy} against ${PUBLISHED}: infected ${text(infected)}, days apart ${text(quarantineDays, 0)}: ${better ? 'better in both' : 'NOT better in both beyond doubt'}`,
    );
  }
  if (plot !== undefined) {
    const chart = policyChart(summaries, {
      title: `${size}, ${seeds} seeds, 95 % intervals`,
      ours: (policy) => policy.startsWith('Haat'),
    });
    writeFileSync(plot, await new View(parse(compile(chart).spec), { renderer: 'none' }).toSVG());
    reporter.note(`plot: ${plot}`);
  }
}

export async function run(reporter, { full = false, worlds, seeds, outcomes, plot }) {
  const [many, runs] = [Number(worlds ?? (full ? 20 : 4)), Number(seeds ?? (full ? 50 : 4))];
  if (many > 0) {
    await judgeRisks(reporter, many, 'randomTests', { capacity: 40, ofReports: 0, random: 40 }, false);
    await judgeRisks(reporter, many, 'symptomTests', { capacity: 100, ofReports: 1, random: 40 }, true);
  }
  if (runs > 0) await judgePolicies(reporter, runs, full ? all : few, { outcomes, plot });
}
