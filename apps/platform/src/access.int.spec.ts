import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readFile } from 'node:fs/promises';
import { ApiKeyStore, connectDatabase, ModelRegistry, PredictionLog, RunLog, type Database } from '@haat/data-access';
import { startScratchDatabase, type ScratchDatabase } from '@haat/data-access/testing';
import { apiKeyParts, type Actor, type Role } from '@haat/kit';
import { apiKeyAudience, apiKeyPath, createLogger, startApp, type RunningApp } from '@haat/platform';
import {
  accessCases,
  actorsOf,
  administrator,
  answeredVerdicts,
  askSubgraph,
  askSubgraphItself,
  followSubgraph,
  gatewayHeaders,
  internalTokenSecret,
  promisedVerdicts,
} from '@haat/platform/testing';
import { createHash } from 'node:crypto';
import { configSchema } from './config.ts';
import { PlatformAppModule } from './platform.module.ts';
import { schemaFile } from './schema.printer.ts';
import { sampleCard } from './testing/sample.model.ts';

const model = sampleCard.name;
const actor = (role: Role, ...scopes: string[]): Actor => ({ subject: 'user:asha', role, scopes, origin: '10.0.0.9' });

let folder: string;
let scratch: ScratchDatabase;
let owner: Database;
let app: RunningApp;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'haat-platform-access-'));
  scratch = await startScratchDatabase();
  owner = await connectDatabase({ url: scratch.url });
  const registry = new ModelRegistry(owner);
  for (const name of [model, 'risk/score'] as const) {
    await registry.saveCard({ ...sampleCard, name, domain: name.split('/')[0]! });
    await registry.register({
      model: name,
      runId: `train/${name}`,
      digest: '1'.repeat(64),
      bytes: 1_000,
      card: sampleCard,
      metrics: { logLoss: 0.1 },
      gates: [],
      evaluation: {},
      dataset: { digest: 'e'.repeat(64), rows: 10, asOf: new Date('2026-01-01'), revision: 3 },
    });
  }
  app = await startApp(
    { name: 'platform', config: configSchema, module: (config) => PlatformAppModule.with(config) },
    {
      PORT: '0',
      DATABASE_URL: scratch.urls['haat_platform'],
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      ARTIFACTS_URL: pathToFileURL(join(folder, 'artifacts')).href,
      INTERNAL_TOKEN_SECRET: internalTokenSecret,
    },
    createLogger('platform', 'silent'),
  );
});
afterAll(async () => {
  await app?.close();
  await owner?.close();
  await scratch?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (query: string, variables: object = {}, who: Actor = administrator) =>
  askSubgraph({ url: app.url, name: 'platform' }, query, variables, who);
const codesOf = ({ errors }: Awaited<ReturnType<typeof ask>>) => errors?.map(({ extensions }) => extensions['code']);

describe('access to the platform subgraph', () => {
  it('is, for each field, role and scope, as its printed schema says, root fields and entities alike', async () => {
    const cases = accessCases(await readFile(schemaFile, 'utf8'), {
      domain: 'packaging',
      entities: { ModelVersion: { id: `${model}@1` } },
    });
    const actors = actorsOf('packaging');
    expect(new Set(cases.map(({ kind }) => kind))).toEqual(new Set(['query', 'mutation', 'subscription', 'entity']));
    const subgraph = { url: app.url, name: 'platform' };
    const answered = await answeredVerdicts(cases, actors, (one, who) => askSubgraphItself(subgraph, one, who));
    expect(answered).toEqual(promisedVerdicts(cases, actors));
  });
});

describe('what is of another domain', () => {
  const reader = actor('operator', 'packaging');
  const runs = ['train/packaging/1', 'train/risk/1', 'train/packaging/2', 'train/risk/2', 'train/packaging/3'];
  beforeAll(async () => {
    const log = new RunLog(owner);
    for (const id of runs) {
      await log.create({ id, kind: 'train', model: id.includes('risk') ? 'risk/score' : model, options: {} });
    }
  });

  it('is not in the list of models, nor reached from one', async () => {
    const names = async (who: Actor) => (await ask('{ models { name } }', {}, who)).data['models'];
    expect(await names(reader)).toEqual([{ name: model }]);
    expect(await names(actor('admin'))).toEqual([]);
    expect(await names(administrator)).toEqual([{ name: model }, { name: 'risk/score' }]);
  });

  it('takes no place in a page of runs', async () => {
    const query = '{ runs(first: 2) { edges { node { id } } pageInfo { hasNextPage } } }';
    const { data, errors } = await ask(query, {}, reader);
    expect(errors).toBeUndefined();
    expect(data['runs']).toEqual({
      edges: [{ node: { id: 'train/packaging/3' } }, { node: { id: 'train/packaging/2' } }],
      pageInfo: { hasNextPage: true },
    });
    expect((await ask(query, {}, actor('admin'))).data['runs']).toMatchObject({ edges: [] });
  });

  it('is, where its id does not tell the domain, answered as what does not exist', async () => {
    const [id] = await new PredictionLog(owner).record(
      { model: 'risk/score', version: 1, digest: '1'.repeat(64) },
      { asOf: new Date('2026-02-03'), revision: 3 },
      [{ input: { x: 1 }, output: { y: 2 } }],
    );
    const prediction = 'query ($id: ID!) { prediction(id: $id) { __typename input } }';
    expect((await ask(prediction, { id }, reader)).data).toEqual({ prediction: null });
    expect((await ask(prediction, { id })).data).toMatchObject({ prediction: { input: { x: 1 } } });
    const questions = [
      'query ($id: ID!) { run(id: $id) { __typename } }',
      'mutation ($id: ID!) { cancelRun(id: $id) { id } }',
      'mutation ($id: ID!) { pauseRun(id: $id) { id } }',
      'mutation ($id: ID!) { resumeRun(id: $id) { id } }',
      'mutation ($id: ID!) { retryRun(id: $id) { id } }',
      'mutation ($id: ID!) { undoBackfill(run: $id) { id } }',
      'mutation ($id: ID!) { replayInference(runId: $id) { id } }',
    ];
    for (const query of questions) {
      const [other, none] = await Promise.all(
        ['train/risk/1', 'train/none/1'].map((run) => ask(query, { id: run }, reader)),
      );
      expect(codesOf(other!)).toEqual(['UNKNOWN_RUN']);
      expect(other!.text.replaceAll('train/risk/1', '')).toBe(none!.text.replaceAll('train/none/1', ''));
    }
    expect(codesOf(await ask(questions[1]!, { id: 'train/packaging/1' }, reader))).toEqual(['SERVICE_UNAVAILABLE']);
    expect((await ask(questions[0]!, { id: 'train/risk/1' })).data).toEqual({ run: { __typename: 'Run' } });
  });

  it('is followed by nobody but who may read it, and told as what does not exist', async () => {
    const follow = async (id: string, who: Actor) =>
      followSubgraph(app.url, await gatewayHeaders('platform', who), {
        query: 'subscription ($id: ID!) { runProgress(id: $id) { id state } }',
        variables: { id },
        most: 1,
      });
    for (const who of [reader, actor('admin'), actor('admin', 'packaging', 'pricing')]) {
      const [other, none] = [await follow('train/risk/1', who), await follow('train/none/1', who)];
      expect(other).toMatchObject([{ errors: [{ extensions: { code: 'UNKNOWN_RUN' } }] }]);
      expect(JSON.stringify(other).replaceAll('train/risk/1', '')).toBe(
        JSON.stringify(none).replaceAll('train/none/1', ''),
      );
    }
    const told = (id: string) => [{ data: { runProgress: { id, state: 'queued' } } }];
    expect(await follow('train/packaging/1', reader)).toEqual(told('train/packaging/1'));
    expect(await follow('train/risk/1', actor('reader', 'risk'))).toEqual(told('train/risk/1'));
    expect(await follow('train/risk/1', administrator)).toEqual(told('train/risk/1'));
  });

  it('is FORBIDDEN where its id does, whether it exists or not', async () => {
    for (const id of ['risk/score@1', 'risk/score@9', 'risk/none@1']) {
      const query = 'query ($id: ID!) { modelVersion(id: $id) { __typename } }';
      expect(codesOf(await ask(query, { id }, reader))).toEqual(['FORBIDDEN']);
      const references = [{ __typename: 'ModelVersion', id }];
      const entity = await ask(
        'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
        { r: references },
        reader,
      );
      expect([codesOf(entity), entity.data]).toEqual([['FORBIDDEN'], { _entities: [null] }]);
    }
  });
});

describe('API keys', () => {
  const create = `mutation ($input: CreateApiKeyInput!) {
    createApiKey(input: $input) { secret key { id name role scopes createdBy revokedAt } }
  }`;
  const input = { name: 'nightly-import', role: 'operator', scopes: ['packaging'] };
  interface Created {
    readonly createApiKey: { readonly secret: string; readonly key: { readonly id: string } };
  }
  const made = async (who: Actor, changed: object = {}) =>
    (await ask(create, { input: { ...input, ...changed } }, who)).data as unknown as Created;
  const entries = async () =>
    (
      await owner.pool.query(
        `select actor, origin, action, subject from platform.audit where action like 'key.%' order by id`,
      )
    ).rows;

  async function resolve(secret: string, headers?: Record<string, string>): Promise<Response> {
    const parts = apiKeyParts(secret)!;
    const secretHash = createHash('sha256').update(parts.secret).digest('hex');
    return fetch(`${app.url}${apiKeyPath}`, {
      method: 'POST',
      headers: headers ?? (await gatewayHeaders(apiKeyAudience)),
      body: JSON.stringify({ id: parts.id, secretHash }),
    });
  }

  it('are made, listed, used and revoked; nothing of the secret is kept, and the audit trail names who did it', async () => {
    const admin = actor('admin', 'packaging');
    const { createApiKey } = await made(admin);
    const { secret, key } = createApiKey;
    expect(key).toEqual({ ...input, id: apiKeyParts(secret)!.id, createdBy: 'user:asha', revokedAt: null });
    const { rows } = await owner.pool.query<{ row: string }>('select k::text as row from platform.api_key k');
    expect(rows.map(({ row }) => row).join()).not.toContain(apiKeyParts(secret)!.secret);

    const { actor: stands } = (await (await resolve(secret)).json()) as { actor: object };
    expect(stands).toEqual({ subject: `key:nightly-import/${key.id}`, role: 'operator', scopes: ['packaging'] });
    const other = secret.slice(0, -1) + (secret.endsWith('A') ? 'E' : 'A');
    expect(await (await resolve(other)).json()).toEqual({ actor: null, expiresAt: null });
    const list = await ask('{ apiKeys { edges { node { id lastUsedAt revokedAt } } } }', {}, admin);
    expect(list.data['apiKeys']).toEqual({
      edges: [{ node: { id: key.id, lastUsedAt: expect.any(String), revokedAt: null } }],
    });

    const revoke = 'mutation ($id: ID!) { revokeApiKey(id: $id) { revokedAt } }';
    const first = await ask(revoke, { id: key.id }, admin);
    expect(await (await resolve(secret)).json()).toEqual({ actor: null, expiresAt: null });
    expect((await ask(revoke, { id: key.id }, admin)).data).toEqual(first.data);
    expect(codesOf(await ask(revoke, { id: '0'.repeat(16) }, admin))).toEqual(['UNKNOWN_KEY']);
    const entry = { actor: 'user:asha', origin: '10.0.0.9', subject: `nightly-import/${key.id}` };
    expect(await entries()).toEqual([
      { ...entry, action: 'key.create' },
      { ...entry, action: 'key.revoke' },
    ]);
  });

  it('die with their time', async () => {
    const { createApiKey } = await made(administrator);
    await owner.pool.query(
      `update platform.api_key set created_at = now() - interval '2 days', expires_at = now() - interval '1 second' where id = $1`,
      [createApiKey.key.id],
    );
    expect(await (await resolve(createApiKey.secret)).json()).toEqual({ actor: null, expiresAt: null });
  });

  it.each([
    ['a scope that its maker lacks', actor('admin', 'packaging'), { scopes: ['packaging', 'risk'] }],
    ['all scopes, by a maker of one', actor('admin', 'packaging'), { scopes: ['*'] }],
    ['a scope, by a maker of none', actor('admin'), {}],
    ['anything, by an operator', actor('operator', '*'), {}],
  ])('are never made with %s', async (_what, who, changed) => {
    const before = await entries();
    const answer = await ask(create, { input: { ...input, ...changed } }, who);
    expect([codesOf(answer), answer.data]).toEqual([['FORBIDDEN'], null]);
    expect(await entries()).toEqual(before);
  });

  it.each([
    [{ name: 'Nightly import' }, 'input.name'],
    [{ scopes: ['packaging/damage'] }, 'input.scopes'],
    [{ days: 0 }, 'input.days'],
    [{ days: 367 }, 'input.days'],
  ])('are not made of %j', async (changed, field) => {
    const { errors } = await ask(create, { input: { ...input, ...changed } });
    expect(errors![0]!.extensions).toMatchObject({ code: 'INVALID_ARGUMENT', details: { field } });
  });

  it('are told about to the gateway alone, by a token for that question', async () => {
    const { createApiKey } = await made(administrator);
    for (const headers of [{}, await gatewayHeaders('platform'), await gatewayHeaders('packaging')]) {
      const answer = await resolve(createApiKey.secret, { 'content-type': 'application/json', ...headers });
      expect([answer.status, await answer.json()]).toMatchObject([
        401,
        { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
      ]);
    }
  });

  it('cannot be changed into more by the app that reads them', async () => {
    const role = await connectDatabase({ url: scratch.urls['haat_platform']! });
    const changes = [
      `update platform.api_key set role = 'admin'`,
      `update platform.api_key set scopes = '{*}'`,
      'delete from platform.api_key',
    ];
    for (const sql of changes) await expect(role.pool.query(sql)).rejects.toMatchObject({ code: '42501' });
    await role.close();
    const task = await connectDatabase({ url: scratch.urls['haat_packaging_task']! });
    await expect(task.pool.query('select * from platform.api_key')).rejects.toMatchObject({ code: '42501' });
    await task.close();
  });

  it('are listed newest first, page by page, each once', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.unshift((await made(administrator)).createApiKey.key.id);
    const keys = new ApiKeyStore(owner);
    const first = await keys.page(2);
    const rest = await keys.page(100, first[1]);
    expect(
      [...first, ...rest]
        .slice(0, 3)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(ids.sort());
    expect(new Set([...first, ...rest].map(({ id }) => id)).size).toBe(first.length + rest.length);
  });
});
