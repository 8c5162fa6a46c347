import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import {
  connectDatabase,
  ContentGarbage,
  contentStore,
  ModelLifecycle,
  ModelRegistry,
  type ContentStore,
  type Database,
} from '@haat/data-access';
import { startScratchDatabase } from '@haat/data-access/testing';
import { modelCard, type Actor } from '@haat/kit';
import { createLogger, startApp, type RunningApp } from '@haat/platform';
import { askSubgraph, internalTokenSecret } from '@haat/platform/testing';
import type { RiskFacts, RiskPosterior } from '@haat/risk/contract';
import { problemOf } from '@haat/risk/features';
import { enumerate, parametersOfRates, transmissionModel } from '@haat/risk/model';
import { InferenceStore, riskMigrations } from '@haat/risk/store';
import { transmissionTrainer } from '@haat/risk/training';
import { configSchema } from '../config.ts';
import { RiskAppModule } from '../risk.module.ts';

const rates = transmissionModel.options.parse({ scale: 3 });

/** What a question is answered with; each test knows what it asked. */
export interface Answer {
  readonly data: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

/** The subgraph over five persons, of whom four were inferred, exactly; the fifth came later. */
export interface RiskStage {
  readonly app: RunningApp;
  /** As the role of risk's tasks. */
  readonly task: Database;
  /** [persons, days, 4] of asha, bela, chand and deepa over five days. */
  readonly probability: Float64Array;
  ask(query: string, variables?: object, actor?: Actor): Promise<Answer>;
  promote(): Promise<void>;
  infer(): Promise<void>;
  /** Registers what is learned of pairs that met at home, as the next version. */
  learn(): Promise<void>;
  /** Archives a version, and collects what nobody needs any more. */
  collect(version: number): Promise<void>;
  /** Removes the artifact of a version that should be there. */
  lose(version: number): Promise<void>;
  stop(): Promise<void>;
}

const facts: RiskFacts = {
  firstDay: '2026-03-01',
  days: 5,
  persons: {
    id: ['asha', 'bela', 'chand', 'deepa'],
    region: new Uint16Array(4),
    reports: new Uint8Array(4).fill(1),
  },
  contacts: [
    {
      rows: 3,
      from: Uint32Array.of(0, 1, 2),
      to: Uint32Array.of(1, 2, 3),
      day: Uint8Array.of(1, 2, 3),
      channel: Uint8Array.of(0, 2, 0),
      count: Uint16Array.of(12, 6, 8),
      mutual: Uint8Array.of(1, 1, 1),
    },
  ],
  tests: {
    rows: 1,
    person: Uint32Array.of(0),
    day: Uint8Array.of(3),
    kind: Uint8Array.of(0),
    positive: Uint8Array.of(1),
  },
  symptoms: { rows: 0, person: new Uint32Array(), day: new Uint8Array() },
};

const PAIRS = 30;
const ALONE = 300;
const PERSONS = 2 * PAIRS + ALONE;
const all = <T>(value: T) => Array.from({ length: PAIRS }, () => value);
const alone = Array.from({ length: ALONE }, (_, person) => 2 * PAIRS + person);
const ofPair = (member: 0 | 1) => Array.from({ length: PAIRS }, (_, pair) => 2 * pair + member);

/** Pairs that met at home on a day, of whom the first was positive the day before; of every other pair so was the second one a week later, and nobody who met nobody. */
const pairs: RiskFacts = {
  firstDay: '2026-03-01',
  days: 14,
  persons: {
    id: Array.from({ length: PERSONS }, (_, person) => `learned-${person}`),
    region: new Uint16Array(PERSONS),
    reports: new Uint8Array(PERSONS).fill(1),
  },
  contacts: [
    {
      rows: PAIRS,
      from: Uint32Array.from(ofPair(0)),
      to: Uint32Array.from(ofPair(1)),
      day: Uint8Array.from(all(5)),
      channel: Uint8Array.from(all(0)),
      count: Uint16Array.from(all(12)),
      mutual: Uint8Array.from(all(1)),
    },
  ],
  tests: {
    rows: PERSONS,
    person: Uint32Array.from([...ofPair(0), ...ofPair(1), ...alone]),
    day: Uint8Array.from([...all(4), ...all(12), ...alone.map(() => 12)]),
    kind: new Uint8Array(PERSONS),
    positive: Uint8Array.from([
      ...all(1),
      ...ofPair(0).map((person) => Number(person % 4 === 0)),
      ...alone.map(() => 0),
    ]),
  },
  symptoms: { rows: 0, person: new Uint32Array(), day: new Uint8Array() },
};

export async function startRiskStage(): Promise<RiskStage> {
  const folder = mkdtempSync(join(tmpdir(), 'haat-risk-app-'));
  const scratch = await startScratchDatabase({ domains: ['risk'], migrations: [riskMigrations] });
  const task = await connectDatabase({ url: scratch.urls['haat_risk_task']! });
  await task.pool.query(
    `insert into risk.person (person_id, valid_from, revision, number, region, reports)
     select id, '2026-01-01', 1, nextval('risk.person_number'), 0, true
     from unnest(array['asha', 'bela', 'chand', 'deepa', 'esha']) id`,
  );
  const artifactsUrl = pathToFileURL(join(folder, 'artifacts')).href;
  const store = contentStore(artifactsUrl);
  const digest = await registered(task, store, 1, facts, rates);
  const app = await startApp(
    { name: 'risk', config: configSchema, module: (config) => RiskAppModule.with(config) },
    {
      PORT: '0',
      DATABASE_URL: scratch.urls['haat_risk'],
      ARTIFACTS_URL: artifactsUrl,
      INTERNAL_TOKEN_SECRET: internalTokenSecret,
    },
    createLogger('risk', 'silent'),
  );
  const { probability } = enumerate(problemOf(facts, parametersOfRates(rates)));
  const ask: RiskStage['ask'] = async (query, variables = {}, actor) =>
    (await askSubgraph({ url: app.url, name: 'risk' }, query, variables, actor)) as unknown as Answer;
  return {
    app,
    task,
    probability,
    ask,
    async promote() {
      await new ModelLifecycle(task).promote(transmissionModel.name, 1, {
        actor: { subject: 'user:asha', origin: 'test' },
      });
      const deadline = Date.now() + 10_000;
      while ((await ask('{ transmissionParameters { model { version } } }')).errors !== undefined) {
        if (Date.now() > deadline) throw new Error('the version was not taken up');
        await sleep(20);
      }
    },
    infer: () => keepExact(task, digest, probability),
    async learn() {
      await registered(task, store, 2, pairs, { ...rates, learn: true, steps: 20, sweeps: 4, errorSweeps: 600 });
    },
    async collect(version) {
      const platform = await connectDatabase({ url: scratch.urls['haat_platform']! });
      const deed = { actor: { subject: 'user:asha', origin: 'test' } };
      await new ModelLifecycle(platform).archive(transmissionModel.name, version, deed);
      await new ContentGarbage(platform, store).collect(new Date(Date.now() + 60_000), deed);
      await platform.close();
    },
    async lose(version) {
      await store.remove((await new ModelRegistry(task).version(transmissionModel.name, version)).digest);
    },
    async stop() {
      await app.close();
      await task.close();
      await scratch.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function registered(
  task: Database,
  store: ContentStore,
  run: number,
  of: RiskFacts,
  options: typeof rates,
): Promise<string> {
  const dataset = { digest: 'e'.repeat(64), rows: 9, asOf: '2026-03-05T00:00:00.000Z' };
  const bytes = await transmissionTrainer.fit(of, options, {
    seed: 1,
    dataset,
    report: () => undefined,
    signal: new AbortController().signal,
  });
  const { digest } = await store.put(bytes);
  const registry = new ModelRegistry(task);
  const card = modelCard(transmissionModel);
  await registry.saveCard(card);
  await registry.register({
    model: transmissionModel.name,
    runId: `train/test/${run}`,
    digest,
    bytes: bytes.length,
    card,
    metrics: {},
    gates: [{ gate: 'none', passed: true, evidence: '' }],
    evaluation: {},
    dataset: { ...dataset, asOf: new Date(dataset.asOf), revision: 1 },
    codeRevision: null,
  });
  return digest;
}

/** Keeps an inference whose probabilities are exact, with an error that the test can tell, and sources of bela alone. */
async function keepExact(task: Database, digest: string, probability: Float64Array): Promise<void> {
  const width = facts.days * 4;
  const posterior: Pick<RiskPosterior, 'timeline' | 'agreement' | 'sources'> = {
    timeline: (person) => ({
      probability: probability.subarray(person * width, (person + 1) * width),
      error: new Float64Array(width).fill(0.001),
    }),
    agreement: { rHat: Float64Array.of(1, 1.01, 1.02, 1.03), effectiveSamples: Float64Array.of(400, 300, 200, 100) },
    sources: new Map([
      [
        1,
        [
          { from: 0, day: 1, probability: 0.25 },
          { from: null, day: -1, probability: 0.125 },
        ],
      ],
    ]),
  };
  await new InferenceStore(task).keep({
    inference: {
      run: 'infer/test/1',
      ref: { model: transmissionModel.name, version: 1, digest },
      factsDigest: 'f'.repeat(64),
      asOf: new Date('2026-03-05T12:00:00Z'),
      revision: 1,
      firstDay: facts.firstDay,
      days: facts.days,
      seed: 7,
      chains: 4,
      sweeps: 200,
    },
    persons: facts.persons.id,
    posterior,
    tests: [
      {
        kind: 0,
        choices: [
          { person: 2, positive: 0.25, averted: 1.5, information: 0.125 },
          { person: 1, positive: 0.5, averted: 0.75, information: 0.25 },
          { person: 3, positive: 0.125, averted: 0.5, information: 0.0625 },
        ],
      },
      { kind: 1, choices: [{ person: 1, positive: 0.375, averted: 0.625, information: 0.1875 }] },
    ],
  });
}
