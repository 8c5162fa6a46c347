import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulateCity, writeOutbreak } from '@haat/simulators';
import { dayAfter, personRoles, type RiskFacts, type RiskPosterior, type RiskWindow } from '../contract/index.ts';
import { parametersOfRates, posteriorOf, transmissionModel } from '../model/index.ts';
import { readFacts, riskFiles } from '../store/index.ts';
import { beginChain, samplingOf } from './sampling.of.facts.ts';
import { stateTransmissionDay } from './transmission.day.ts';

const context = { parameters: parametersOfRates(transmissionModel.options.parse({ external: 2e-3, scale: 2 })) };
const options = { days: 14, sweeps: 300, burnIn: 50, explain: 0 };
const ref = { model: transmissionModel.name, version: 1, digest: 'a' };
const lastDay = '2026-03-31';
const [PERSONS, CHAINS] = [300, 4];

/** What chains say of a problem, and where they end. */
function inferred(facts: RiskFacts, sweeps = options.sweeps, seed = 1) {
  const sampling = samplingOf(facts, context, { seed, chains: CHAINS, model: { ...options, sweeps } });
  const runs = Array.from({ length: CHAINS }, (_, chain) => beginChain(sampling, facts, chain));
  for (const run of runs) while (!run.finished) run.step();
  const sums = runs.map((run) => run.sums);
  const posterior = posteriorOf(facts.persons.id.length, facts.days, sums);
  return { facts, posterior, trajectories: runs.map(({ chain }) => chain.state.trajectories()), plan: sampling.plan };
}
type Inferred = ReturnType<typeof inferred>;

/** Facts with a positive test more. */
function withTest(facts: RiskFacts, person: number, day: number): RiskFacts {
  const { rows, ...tests } = facts.tests;
  const more = (column: Uint8Array, value: number) => Uint8Array.of(...column, value);
  return {
    ...facts,
    tests: {
      rows: rows + 1,
      person: Uint32Array.of(...tests.person, person),
      day: more(tests.day, day),
      kind: more(tests.kind, 0),
      positive: more(tests.positive, 1),
    },
  };
}

/** P(E or I) on the last day, with its error. */
function riskOf({ timeline, days }: RiskPosterior, person: number) {
  const { probability, error } = timeline(person);
  const at = (days - 1) * 4;
  return { p: probability[at + 1]! + probability[at + 2]!, error: Math.hypot(error[at + 1]!, error[at + 2]!) };
}

/** Differences of risks in their errors: root of the mean of squares, and the largest difference itself. */
function apart(pairs: readonly (readonly [ReturnType<typeof riskOf>, ReturnType<typeof riskOf>])[]) {
  const z = pairs.map(([a, b]) => (a.p - b.p) / Math.max(1e-3, Math.hypot(a.error, b.error)));
  return {
    inErrors: Math.sqrt(z.reduce((sum, one) => sum + one * one, 0) / z.length),
    most: Math.max(...pairs.map(([a, b]) => Math.abs(a.p - b.p))),
  };
}

describe('a day that goes on from the one before, in a city', () => {
  const folder = mkdtempSync(join(tmpdir(), 'haat-risk-day-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let facts: (window: RiskWindow) => Promise<RiskFacts>;
  let files = 0;

  beforeAll(async () => {
    const city = simulateCity({ seed: 5, persons: PERSONS, days: 24, external: 2e-3, adoption: 0.5 });
    await writeOutbreak(city, lastDay, folder, 'csv');
    const source = await riskFiles(folder);
    facts = (window) => source.facts(window);
  });

  const window = (asOf: string, days: number) => facts({ asOf: new Date(`${asOf}T23:59:59Z`), revision: 0, days });

  /** The problem of a day, as it is stated after an inference. */
  async function stated(
    day: string,
    before: Inferred,
    changed: readonly string[] = [],
    change = (of: RiskFacts): RiskFacts => of,
  ): Promise<RiskFacts> {
    const file = join(folder, `problem-${files++}`);
    const { persons, days, firstDay, beginning } = before.facts;
    const infectious = (fold: number) =>
      Float32Array.from(
        { length: PERSONS * fold },
        (_, at) => before.posterior.timeline(Math.floor(at / fold)).probability[(at % fold) * 4 + 2]!,
      );
    const source = {
      facts: {
        horizon: async (asOf: Date) => ({ asOf, revision: 1 }),
        facts: async (of: RiskWindow) => change(await facts(of)),
        changes: async () => ({ persons: changed, rows: changed.length, early: 0 }),
      },
      carried: {
        newest: async () => ({ run: 'before', turn: 0, version: ref.digest, revision: 0, firstDay, days }),
        read: async (_: string, fold: number) => ({
          persons: persons.id,
          initial: beginning?.initial ?? null,
          trajectories: before.trajectories,
          infectious: infectious(fold),
        }),
      },
    };
    await stateTransmissionDay(source, { day, ref, context, options, chains: CHAINS }, file);
    return readFacts(file);
  }

  it('comes as near the window that never forgot as sampling allows, where one that forgets does not', async () => {
    let at = inferred(await window(dayAfter(lastDay, -3), options.days), 100);
    for (const back of [2, 1, 0]) at = inferred(await stated(dayAfter(lastDay, -back), at), 100);
    expect(at.facts).toMatchObject({ firstDay: '2026-03-18', days: 14 });
    expect(at.plan.warmUp).toBe(options.burnIn / 5);
    const moved = inferred(at.facts);
    const whole = inferred(await window(lastDay, options.days + 3));
    const forgetful = inferred(await window(lastDay, options.days));
    const everybody = Array.from({ length: PERSONS }, (_, person) => person);
    const against = (of: Inferred) =>
      apart(everybody.map((person) => [riskOf(of.posterior, person), riskOf(whole.posterior, person)]));
    expect(against(moved).inErrors).toBeLessThan(1.5);
    expect(against(moved).most).toBeLessThan(0.05);
    expect(against(forgetful).inErrors).toBeGreaterThan(2 * against(moved).inErrors);
  }, 300_000);

  it('draws anew those near a late test, and comes as near a run of everybody as another one of everybody does', async () => {
    const before = inferred(await window(lastDay, options.days));
    const risks = Array.from({ length: PERSONS }, (_, person) => riskOf(before.posterior, person).p);
    const [person] = [...risks.keys()].sort((a, b) => risks[b]! - risks[a]!).slice(20);
    const change = (of: RiskFacts) => withTest(of, person!, of.days - 4);
    const part = inferred(await stated(lastDay, before, [before.facts.persons.id[person!]!], change));
    const [whole, again] = [1, 2].map((seed) => inferred(change(before.facts), options.sweeps, seed));
    const { role, partial } = part.facts.beginning!;
    expect(partial).toBe(true);
    const place = new Map(part.facts.persons.id.map((id, at) => [id, at]));
    const [drawn, kept] = [[], []] as [(readonly [number, number])[], number[]];
    before.facts.persons.id.forEach((id, at) => {
      const own = place.get(id);
      if (own === undefined || role[own] !== personRoles.answered) kept.push(at);
      else drawn.push([at, own]);
    });
    expect(drawn.length).toBeLessThan(PERSONS / 2);
    const [first, second] = [whole!.posterior, again!.posterior];
    const ofPart = apart(drawn.map(([at, own]) => [riskOf(first, at), riskOf(part.posterior, own)]));
    const ofWhole = apart(drawn.map(([at]) => [riskOf(first, at), riskOf(second, at)]));
    const left = apart(kept.map((at) => [riskOf(first, at), riskOf(before.posterior, at)]));
    expect(riskOf(first, person!).p).toBeGreaterThan(3 * risks[person!]!);
    expect(ofPart.inErrors).toBeLessThan(1.5 * Math.max(1, ofWhole.inErrors));
    expect(ofPart.most).toBeLessThan(0.03);
    expect(left.inErrors).toBeLessThan(1);
    expect(left.most).toBeLessThan(0.02);
  }, 300_000);
});
