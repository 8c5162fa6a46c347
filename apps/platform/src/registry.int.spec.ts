import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  ApprovalLog,
  connectDatabase,
  contentStore,
  ModelRegistry,
  PredictionLog,
  RunLog,
  ServingLog,
  ShadowLog,
  type Database,
} from '@haat/data-access';
import { startScratchDatabase, type ScratchDatabase } from '@haat/data-access/testing';
import { createLogger, startApp, type RunningApp } from '@haat/platform';
import { askSubgraph, internalTokenSecret } from '@haat/platform/testing';
import { configSchema } from './config.ts';
import { PlatformAppModule } from './platform.module.ts';
import { sampleCard } from './testing/sample.model.ts';

const model = sampleCard.name;
const dataset = 'e'.repeat(64);

describe('the registry in operation, through the subgraph', () => {
  const artifacts = mkdtempSync(join(tmpdir(), 'haat-registry-'));
  let scratch: ScratchDatabase;
  let owner: Database;
  let app: RunningApp;

  beforeAll(async () => {
    scratch = await startScratchDatabase();
    owner = await connectDatabase({ url: scratch.url });
    const [registry, runs] = [new ModelRegistry(owner), new RunLog(owner)];
    await registry.saveCard(sampleCard);
    for (const version of [1, 2, 3]) {
      const runId = `train/packaging-sample/${version}`;
      const options = { seed: version, asOf: '2026-01-01T00:00:00.000Z', model: version === 2 ? { ridge: 30 } : {} };
      await runs.create({ id: runId, kind: 'train', model, options });
      await registry.register({
        model,
        runId,
        digest: String(version).repeat(64),
        bytes: 1_000,
        card: sampleCard,
        metrics: { logLoss: 1 / version },
        gates: [{ gate: 'logLoss <= 1', passed: true, evidence: String(1 / version) }],
        evaluation: {},
        dataset: {
          digest: version === 3 ? 'f'.repeat(64) : dataset,
          rows: 10,
          asOf: new Date('2026-01-01'),
          revision: 3,
        },
        codeRevision: `r${version}`,
      });
      await runs.complete(runId, { metrics: {}, result: {} });
    }
    app = await startApp(
      { name: 'platform', config: configSchema, module: (config) => PlatformAppModule.with(config) },
      {
        PORT: '0',
        DATABASE_URL: scratch.urls['haat_platform'],
        TEMPORAL_ADDRESS: '127.0.0.1:1',
        ARTIFACTS_URL: pathToFileURL(artifacts).href,
        PREDICTION_RETENTION_DAYS: '500',
        INTERNAL_TOKEN_SECRET: internalTokenSecret,
      },
      createLogger('platform', 'silent'),
    );
  });

  afterAll(async () => {
    await app?.close();
    await owner?.close();
    await scratch?.stop();
    rmSync(artifacts, { recursive: true, force: true });
  });

  async function ask(query: string, variables: object = {}) {
    const answer = await askSubgraph({ url: app.url, name: 'platform' }, query, variables);
    const { data, errors } = answer as unknown as {
      data: Record<string, never>;
      errors?: { extensions: { code: string } }[];
    };
    return errors === undefined ? data : errors[0]!.extensions.code;
  }

  it('promotes, rolls back, aliases and archives; the audit trail tells who, what, why and from where', async () => {
    const change = (field: string) => ask(`mutation { ${field} }`);
    expect(await change(`promoteModel(id: "${model}@1", reason: "first", expectedChampion: 0) { id aliases }`)).toEqual(
      {
        promoteModel: { id: `${model}@1`, aliases: ['champion'] },
      },
    );
    expect(await change(`promoteModel(id: "${model}@2", expectedChampion: 0) { id }`)).toBe('CHAMPION_CHANGED');
    await change(`promoteModel(id: "${model}@2", expectedChampion: 1) { id }`);
    expect(await change(`rollbackModel(model: "${model}", reason: "worse", expectedChampion: 2) { id }`)).toEqual({
      rollbackModel: { id: `${model}@1` },
    });
    expect(await change(`rollbackModel(model: "${model}") { id }`)).toBe('NO_FORMER_CHAMPION');
    expect(
      await change(`setModelAlias(model: "${model}", alias: shadow, version: 2) { champion { aliases } }`),
    ).toEqual({
      setModelAlias: { champion: { aliases: ['champion'] } },
    });
    expect(await change(`archiveModelVersion(id: "${model}@2") { id }`)).toBe('VERSION_HOLDS_ALIAS');
    await change(`setModelAlias(model: "${model}", alias: shadow) { name }`);
    expect(await change(`archiveModelVersion(id: "${model}@2", reason: "old") { archivedAt collectedAt }`)).toEqual({
      archiveModelVersion: { archivedAt: expect.any(String), collectedAt: null },
    });
    expect(await change(`promoteModel(id: "${model}@2") { id }`)).toBe('VERSION_ARCHIVED');
    expect(await change(`unarchiveModelVersion(id: "${model}@2") { archivedAt }`)).toEqual({
      unarchiveModelVersion: { archivedAt: null },
    });
    expect(await change(`setModelAlias(model: "${model}", alias: shadow, version: 99) { name }`)).toBe(
      'UNKNOWN_MODEL_VERSION',
    );

    const page = (args: string) =>
      ask(
        `{ audit(${args}) { edges { node { actor origin action subject reason } } pageInfo { hasNextPage endCursor } } }`,
      );
    const first = (await page('first: 3')) as unknown as {
      audit: { edges: { node: object }[]; pageInfo: { endCursor: string } };
    };
    expect(first.audit.edges.map(({ node }) => node)).toMatchObject([
      { action: 'model.unarchive', subject: `${model}@2`, actor: 'user:test', origin: 'test' },
      { action: 'model.archive', reason: 'old' },
      { action: 'model.alias' },
    ]);
    const next = (await page(`first: 9, after: "${first.audit.pageInfo.endCursor}"`)) as unknown as typeof first;
    expect(next.audit.edges.map(({ node }) => node)).toMatchObject([
      { action: 'model.alias' },
      { action: 'model.rollback', subject: `${model}@1`, reason: 'worse' },
      { action: 'model.promote', subject: `${model}@2` },
      { action: 'model.promote', subject: `${model}@1`, reason: 'first' },
    ]);
    expect(await page('actor: "user:nobody"')).toMatchObject({ audit: { edges: [] } });
  });

  it('compares two versions: which is better, and what differs', async () => {
    const query = `query ($a: ID!, $b: ID!) { compareModelVersions(a: $a, b: $b) {
      a { version } b { version } metrics { name a b better } features { name same }
      options { name a b same } lineage { name a b same } gates { name a b same } } }`;
    expect(await ask(query, { a: `${model}@1`, b: `${model}@2` })).toEqual({
      compareModelVersions: {
        a: { version: 1 },
        b: { version: 2 },
        metrics: [{ name: 'logLoss', a: 1, b: 0.5, better: 'b' }],
        features: [{ name: 'x', same: true }],
        options: [
          { name: 'ridge', a: '10', b: '30', same: false },
          { name: 'seed', a: '1', b: '2', same: false },
          { name: 'asOf', a: '2026-01-01T00:00:00.000Z', b: '2026-01-01T00:00:00.000Z', same: true },
        ],
        lineage: [
          { name: 'artifact digest', a: '1'.repeat(64), b: '2'.repeat(64), same: false },
          { name: 'dataset digest', a: dataset, b: dataset, same: true },
          { name: 'dataset rows', a: '10', b: '10', same: true },
          { name: 'as of', a: '2026-01-01T00:00:00.000Z', b: '2026-01-01T00:00:00.000Z', same: true },
          { name: 'code revision', a: 'r1', b: 'r2', same: false },
        ],
        gates: [{ name: 'logLoss <= 1', a: 'passed: 1', b: 'passed: 0.5', same: false }],
      },
    });
    expect(await ask(query, { a: `${model}@1`, b: 'packaging/other@2' })).toBe('INVALID_ARGUMENT');
    expect(await ask(query, { a: `${model}@1`, b: `${model}@9` })).toBe('UNKNOWN_MODEL_VERSION');
  });

  it('goes from a prediction back to its data, and from data to all versions and predictions, page by page', async () => {
    const log = new PredictionLog(owner);
    const made: string[] = [];
    for (const version of [1, 2, 1, 3, 2]) {
      const ref = { model, version, digest: String(version).repeat(64) };
      const [id] = await log.record(ref, { asOf: new Date('2026-02-03'), revision: 3 }, [
        { input: { x: 1 }, output: { y: version } },
      ]);
      if (version !== 3) made.push(id!);
    }
    expect(
      await ask('query ($id: ID!) { prediction(id: $id) { version { lineage { datasetDigest } } } }', { id: made[0] }),
    ).toEqual({ prediction: { version: { lineage: { datasetDigest: dataset } } } });
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const { dataset: found } = (await ask(
        `query ($digest: ID!, $after: String) { dataset(digest: $digest) {
          digest rows versions { id } predictionCount
          predictions(first: 3, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } } }`,
        { digest: dataset, after },
      )) as unknown as {
        dataset: {
          versions: { id: string }[];
          predictions: { edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
        };
      };
      expect(found).toMatchObject({ digest: dataset, rows: 10, predictionCount: 4 });
      expect(found.versions.map(({ id }) => id)).toEqual([`${model}@2`, `${model}@1`]);
      seen.push(...found.predictions.edges.map(({ node }) => node.id));
      if (!found.predictions.pageInfo.hasNextPage) break;
      after = found.predictions.pageInfo.endCursor;
    }
    expect(seen.toSorted()).toEqual(made.toSorted());
    expect(await ask('{ dataset(digest: "none") { rows } }')).toEqual({ dataset: null });
  });

  it('reads the predictions of a version by its index, in one statement', async () => {
    const { rows } = await owner.pool.query<{ 'QUERY PLAN': string }>(
      `explain select * from platform.prediction where model = 'm/x' and version = 1 order by recorded_at desc, id desc limit 3`,
    );
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).not.toMatch(/Sort/);
  });

  it('shows what shadows differed by, adding up what several apps counted', async () => {
    const log = new ShadowLog(owner);
    const counted = { model, champion: 1, shadow: 2, rows: 10, differing: 3, dropped: 1, failed: 0, largest: 0.25 };
    await Promise.all([1, 2, 3].map(() => log.add([counted], new Date('2026-03-04T23:59:59Z'))));
    await log.add([{ ...counted, largest: 0.5 }], new Date('2026-03-05T00:00:00Z'));
    expect(
      await ask(
        'query ($name: ID!) { model(name: $name) { shadowDays { day champion shadow rows differing dropped failed largest } } }',
        {
          name: model,
        },
      ),
    ).toEqual({
      model: {
        shadowDays: [
          { day: '2026-03-05', champion: 1, shadow: 2, rows: 10, differing: 3, dropped: 1, failed: 0, largest: 0.5 },
          { day: '2026-03-04', champion: 1, shadow: 2, rows: 30, differing: 9, dropped: 3, failed: 0, largest: 0.25 },
        ],
      },
    });
  });

  it('says what each running app answers with and what it refused; not what is silent for long', async () => {
    const log = new ServingLog(owner);
    const refused = { version: 2, code: 'MODEL_REFUSED', reason: 'it lies' };
    await log.report('a', [
      { model, alias: 'champion', version: 1, refused },
      { model, alias: 'shadow', version: null, refused: null },
    ]);
    for (const version of [1, 3]) await log.report('b', [{ model, alias: 'champion', version, refused: null }]);
    await log.report('silent', [{ model, alias: 'champion', version: 1, refused: null }]);
    await owner.pool.query(
      `update platform.served_alias set seen_at = seen_at - interval '21 s' where instance = 'silent'`,
    );
    const query = `query ($name: ID!) { model(name: $name) {
      serving { instance alias version { id digest } refused { version { id } code reason } } } }`;
    const version = (n: number) => ({ id: `${model}@${n}`, digest: String(n).repeat(64) });
    const told = { version: { id: `${model}@2` }, code: 'MODEL_REFUSED', reason: 'it lies' };
    expect(await ask(query, { name: model })).toEqual({
      model: {
        serving: [
          { instance: 'a', alias: 'champion', version: version(1), refused: told },
          { instance: 'b', alias: 'champion', version: version(3), refused: null },
          { instance: 'a', alias: 'shadow', version: null, refused: null },
        ],
      },
    });
    await log.withdraw('a');
    expect((await log.instances([model])).map(({ instance }) => instance)).toEqual(['b']);
  });

  it('keeps a decision though the run cannot be told of it, shows it, and takes no other one', async () => {
    const runId = 'train/packaging-sample/3';
    const decide = (how: string, reason = 'seen') =>
      ask(`mutation ($runId: ID!, $reason: String!) { ${how}Promotion(runId: $runId, reason: $reason) { id } }`, {
        runId,
        reason,
      });
    expect(await decide('approve')).toBe('NOT_AWAITING_APPROVAL');
    await new ApprovalLog(owner).ask({ runId, model, version: 3 }, 1);
    expect(await decide('approve', ' ')).toBe('INVALID_ARGUMENT');
    expect(await decide('approve')).toBe('SERVICE_UNAVAILABLE');
    expect(await decide('approve')).toBe('SERVICE_UNAVAILABLE');
    expect(await decide('reject')).toBe('ALREADY_DECIDED');
    expect(
      await ask('query ($id: ID!) { run(id: $id) { approval { state versionId actor reason } } }', { id: runId }),
    ).toEqual({
      run: { approval: { state: 'approved', versionId: `${model}@3`, actor: 'user:test', reason: 'seen' } },
    });
    expect(await ask('{ audit(subject: "packaging/sample@3") { edges { node { action } } } }')).toEqual({
      audit: { edges: [{ node: { action: 'promotion.approve' } }] },
    });
  });

  it('collects garbage only where it is told to, and nothing that is young', async () => {
    const store = contentStore(artifacts);
    const { digest } = await store.put(new TextEncoder().encode('an orphan'));
    const collect = (args: string) =>
      ask(`mutation { collectGarbage${args} { dryRun collected { digest } kept { digest why } } }`);
    for (const [args, dryRun] of [
      ['', true],
      ['(dryRun: false, olderThanDays: 1)', false],
    ] as const) {
      expect(await collect(args)).toEqual({
        collectGarbage: {
          dryRun,
          collected: [],
          kept: [{ digest, why: expect.stringContaining('here only since') }],
        },
      });
    }
    expect(await collect('(olderThanDays: 0)')).toBe('INVALID_ARGUMENT');
  });

  it('collects old records where it is told to, by the configured times, and says why the rest stays', async () => {
    await owner.pool.query(
      `create table platform.prediction_20200101 partition of platform.prediction for values from ('2020-01-01 00:00+00') to ('2020-01-02 00:00+00')`,
    );
    const collect = async (args: string) => {
      const { collectRecords } = (await ask(
        `mutation { collectRecords${args} { dryRun predictionDays undoDays collected { id bytes rows why } kept { id why } } }`,
      )) as unknown as { collectRecords: { collected: object[]; kept: { id: string; why: string }[] } };
      expect(new Set(collectRecords.kept.map(({ why }) => why))).toEqual(new Set(['kept for 500 days']));
      return { ...collectRecords, kept: collectRecords.kept.map(({ id }) => id) };
    };
    const dry = await collect('');
    const collected = [
      { id: 'predictions/2020-01-01', bytes: expect.any(Number), rows: null, why: 'older than 500 days' },
    ];
    expect(dry).toMatchObject({ dryRun: true, predictionDays: 500, undoDays: 90, collected });
    expect(await collect('(dryRun: false)')).toEqual({ ...dry, dryRun: false });
    expect(await collect('(dryRun: false)')).toEqual({ ...dry, dryRun: false, collected: [] });
    expect(await ask('{ audit(subject: "predictions/2020-01-01") { edges { node { action actor } } } }')).toEqual({
      audit: { edges: [{ node: { action: 'prediction.collect', actor: 'user:test' } }] },
    });
  });
});
