import type { MetricOf } from '@haat/kit';
import { digestOfRows, heldOutByGroup, type Evaluation } from '@haat/training';
import {
  riskRecordError,
  testKinds,
  type RiskFacts,
  type RiskParameters,
  type TestColumns,
} from '../contract/index.ts';
import { problemOf } from '../features/index.ts';
import {
  ChainRun,
  contactIndex,
  GROUPS_EVERY,
  populationOf,
  posteriorOf,
  type SamplingPlan,
  type transmissionModel,
} from '../model/index.ts';

/** Share of the persons whose tests inference does not see. */
const HELD_OUT = 0.3;

const plan: SamplingPlan = {
  seed: 1,
  chains: 2,
  warmUp: 30,
  sweeps: 60,
  marginalsEvery: 1,
  groupsEvery: GROUPS_EVERY,
  explain: [],
};

/** The facts without some tests, and these. */
export interface SplitFacts {
  readonly seen: RiskFacts;
  readonly heldOut: TestColumns;
  readonly digest: string;
}

/** Tests of a person are all seen, or none. */
export function splitByPerson(facts: RiskFacts): SplitFacts {
  const { persons, tests } = facts;
  const side = heldOutByGroup(persons.id, HELD_OUT);
  const rows = [...tests.person.keys()];
  const heldOut = takeTests(
    tests,
    rows.filter((row) => side[tests.person[row]!] === 1),
  );
  const seen = {
    ...facts,
    tests: takeTests(
      tests,
      rows.filter((row) => side[tests.person[row]!] === 0),
    ),
  };
  const told = Array.from(heldOut.person, (person, row) =>
    JSON.stringify([persons.id[person], heldOut.day[row], testKinds[heldOut.kind[row]!], heldOut.positive[row]]),
  );
  return { seen, heldOut, digest: digestOfRows(told) };
}

function takeTests({ person, day, kind, positive }: TestColumns, rows: readonly number[]): TestColumns {
  return {
    rows: rows.length,
    person: Uint32Array.from(rows, (row) => person[row]!),
    day: Uint8Array.from(rows, (row) => day[row]!),
    kind: Uint8Array.from(rows, (row) => kind[row]!),
    positive: Uint8Array.from(rows, (row) => positive[row]!),
  };
}

/**
 * What parameters say of tests that inference did not see: P(positive) by the inferred states of the day.
 * Errors: NOTHING_TO_JUDGE_BY where no test of a kind that goes by state was held out, or all that were seen say the same.
 */
export function evaluateTransmission(facts: RiskFacts, parameters: RiskParameters): Evaluation {
  const { seen, heldOut, digest } = splitByPerson(facts);
  const problem = problemOf(seen, parameters);
  const population = populationOf(problem, contactIndex(problem));
  const sums = Array.from({ length: plan.chains }, (_, chain) => {
    const run = new ChainRun(population, plan, chain);
    while (!run.finished) run.step();
    return run.sums;
  });
  const posterior = posteriorOf(problem.persons, problem.days, sums);
  const base = seen.tests.positive.reduce((sum, one) => sum + one, 0) / seen.tests.rows;
  const judged = [...heldOut.person.keys()].flatMap((row) => {
    const sensitivity = parameters.tests.find(({ name }) => name === testKinds[heldOut.kind[row]!]);
    return sensitivity !== undefined && 'positive' in sensitivity ? [{ row, by: sensitivity.positive }] : [];
  });
  if (judged.length === 0 || !(base > 0 && base < 1)) {
    throw riskRecordError(
      'NOTHING_TO_JUDGE_BY',
      `Held-out tests: expected some, beside others of which some are positive and some negative; got ${judged.length} beside ${seen.tests.rows} of which a share of ${base} is positive`,
      { heldOut: judged.length, seen: seen.tests.rows },
    );
  }
  const groups = [...new Set(judged.map(({ row }) => heldOut.person[row]!))].sort((a, b) => a - b);
  const groupAt = new Map(groups.map((person, at) => [person, at]));
  const loss = new Float64Array(groups.length);
  const weight = new Float64Array(groups.length);
  let [own, plain, squares] = [0, 0, 0];
  for (const { row, by } of judged) {
    const person = heldOut.person[row]!;
    const { probability } = posterior.timeline(person);
    const at = heldOut.day[row]! * 4;
    const [S, E, I, R] = [0, 1, 2, 3].map((state) => probability[at + state]!) as [number, number, number, number];
    const positive = S * by.S + E * by.E + I * by.I + R * by.R;
    const was = heldOut.positive[row] === 1;
    const missed = -Math.log(was ? positive : 1 - positive);
    own += missed;
    plain -= Math.log(was ? base : 1 - base);
    squares += (positive - Number(was)) ** 2;
    loss[groupAt.get(person)!]! += missed;
    weight[groupAt.get(person)!]! += 1;
  }
  const metrics: Record<MetricOf<typeof transmissionModel>, number> = {
    log_loss: own / judged.length,
    base_log_loss: plain / judged.length,
    brier: squares / judged.length,
  };
  return {
    metrics,
    heldOut: { digest, rows: judged.length, groups: groups.length },
    losses: [{ metric: 'log_loss', loss, weight }],
  };
}
