import { AuditTrail, connectDatabase, RunLog, type Database } from '@haat/data-access';
import { askSubgraph } from '@haat/platform/testing';
import { z } from 'zod';
import { startPlatformStage, type PlatformStage } from './testing/platform.stage.ts';
import { sampleCard } from './testing/sample.model.ts';

const worlds = `${sampleCard.domain}/worlds` as const;
const policies = z.array(
  z.discriminatedUnion('kind', [
    z.strictObject({ name: z.string(), kind: z.literal('none') }),
    z.strictObject({ name: z.string(), kind: z.literal('apart'), days: z.int().gte(1) }),
  ]),
);
const simulation = z.toJSONSchema(z.object({ capacity: z.int().gte(0).default(10), policies: policies.default([]) }), {
  io: 'input',
}) as Record<string, unknown>;

let stage: PlatformStage;
let owner: Database;

beforeAll(async () => {
  stage = await startPlatformStage([sampleCard, { ...sampleCard, name: worlds, simulation }]);
  owner = await connectDatabase({ url: stage.scratch.url });
}, 900_000);

afterAll(async () => {
  await owner?.close();
  await stage?.stop();
});

interface Started {
  readonly id: string;
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
}

const ask = (query: string, variables: object) => askSubgraph({ url: stage.url, name: 'platform' }, query, variables);

const simulate = (input: object) =>
  ask('mutation ($input: SimulatePolicyInput!) { simulatePolicy(input: $input) { id kind options } }', {
    input: { model: worlds, ...input },
  });
const replay = (runId: string) =>
  ask('mutation ($runId: ID!) { replayInference(runId: $runId) { id kind options } }', { runId });

const startedBy = async (answer: ReturnType<typeof ask>, field: string): Promise<Started> => {
  const { data, errors } = await answer;
  expect(errors).toBeUndefined();
  return data[field] as Started;
};

describe('a simulation of policies', () => {
  it('is one run for the same wish, with one audit entry, and another one for another wish', async () => {
    const policies = [
      { name: 'nothing', kind: 'none' },
      { name: 'all', kind: 'apart', days: 7 },
    ];
    const input = { options: { capacity: 5, policies }, seed: 3, seeds: 20 };
    const [one, same] = [
      await startedBy(simulate(input), 'simulatePolicy'),
      await startedBy(simulate(input), 'simulatePolicy'),
    ];
    expect(one).toMatchObject({ kind: 'simulate', options: { seed: 3, seeds: 20, model: input.options } });
    expect(same.id).toBe(one.id);
    const entries = await new AuditTrail(owner).page(10, { subject: one.id });
    expect(entries.map(({ action }) => action)).toEqual(['simulate.start']);
    const other = await startedBy(simulate({ ...input, seeds: 21 }), 'simulatePolicy');
    expect(other.id).not.toBe(one.id);
  });

  it.each<[string, object, string]>([
    [
      'a policy that makes no sense',
      { options: { policies: [{ name: 'all', kind: 'apart', days: 0 }] } },
      'options.policies.0',
    ],
    ['an option that is none', { options: { capacty: 5 } }, 'options.capacty'],
    ['more seeds than a run takes', { seeds: 501 }, 'input.seeds'],
    ['a model without worlds', { model: sampleCard.name }, 'input.model'],
  ])('refuses %s', async (_, input, field) => {
    const { errors } = await simulate(input);
    expect(errors).toMatchObject([
      { extensions: { code: 'INVALID_ARGUMENT' }, message: expect.stringContaining(field) },
    ]);
  });
});

describe('a replay of an inference', () => {
  it('is a run with the options of the one that it replays, and of nothing but a completed inference', async () => {
    const runs = new RunLog(owner);
    const options = { asOf: '2026-03-31T00:00:00.000Z', seed: 5, chains: 2, model: { days: 14 } };
    const [kept, open] = ['infer/test/kept', 'infer/test/open'];
    for (const id of [kept, open]) await runs.create({ id, kind: 'infer', model: worlds, options });
    await runs.complete(kept, { metrics: {}, result: {} });
    const started = await startedBy(replay(kept), 'replayInference');
    expect(started).toMatchObject({ kind: 'infer', options: { ...options, replayOf: kept } });
    expect((await startedBy(replay(kept), 'replayInference')).id).toBe(started.id);
    const day = 'ingest/test/kept';
    const ofDay = { day: '2026-03-31', files: [], seed: 5, chains: 2, model: { days: 14 } };
    await runs.create({ id: day, kind: 'ingest', model: worlds, options: ofDay });
    await runs.complete(day, { metrics: {}, result: {} });
    const again = await startedBy(replay(day), 'replayInference');
    expect(again).toMatchObject({ kind: 'infer', options: { ...ofDay, replayOf: day } });
    for (const id of [open, started.id])
      expect((await replay(id)).errors).toMatchObject([{ extensions: { code: 'INVALID_ARGUMENT' } }]);
    expect((await replay('infer/test/none')).errors).toMatchObject([{ extensions: { code: 'UNKNOWN_RUN' } }]);
  });
});
