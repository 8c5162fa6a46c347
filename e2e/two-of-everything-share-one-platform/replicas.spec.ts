import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { askAt, type AppProcess } from '../stack/app.process.ts';
import { startLoad } from '../stack/load.ts';
import { startReplicatedPlatform, type ReplicatedPlatform } from '../stack/replicated.platform.ts';

interface Answer {
  readonly product: {
    readonly packaging: {
      readonly damageProbabilities: readonly object[];
      readonly model: { readonly id: string; readonly digest: string };
    };
  };
}

interface Run {
  readonly id: string;
  readonly state: string;
  readonly progress: { readonly step: string } | null;
}

const question =
  '{ product(id: "p000003") { packaging { damageProbabilities { packageType probability } model { id digest } } } }';

let all: ReplicatedPlatform;
beforeAll(async () => void (all = await startReplicatedPlatform(2_000)), 900_000);
afterAll(() => all?.stop());

const train = async (options: object, key: string): Promise<string> => {
  const { trainModel: run } = await askAt<{ trainModel: Run }>(
    all.endpoint,
    'mutation($input: TrainModelInput!) { trainModel(input: $input) { id } }',
    { input: { model: 'packaging/damage', options, idempotencyKey: key } },
  );
  return run.id;
};
const look = async (id: string): Promise<Run> =>
  (await askAt<{ run: Run }>(all.endpoint, 'query($id: ID!) { run(id: $id) { id state progress { step } } }', { id }))
    .run;
const ended = async (id: string): Promise<string> => {
  for (;;) {
    const { state } = await look(id);
    if (!['queued', 'running'].includes(state)) return state;
    await sleep(100);
  }
};
const answersOf = (gateways: readonly AppProcess[]) =>
  Promise.all(
    gateways.map(({ url }) => askAt<Answer>({ url: `${url}/graphql`, headers: all.endpoint.headers }, question)),
  );
const untilAllServe = async (version: string) => {
  for (;;) {
    await answersOf(all.gateways);
    const direct = await Promise.all(all.packaging.map(({ url }) => metricsOf(url)));
    if (direct.every((text) => text.includes(`version="${version}"`))) return;
    await sleep(50);
  }
};
const metricsOf = async (url: string) => (await fetch(`${url}/metrics`)).text();

describe('two of everything', () => {
  it('train one model into the bucket, and both packaging apps take it up', async () => {
    expect(await ended(await train({}, 'first'))).toBe('completed');
    await Promise.all(all.packaging.map((app) => app.ready()));
    await untilAllServe('1');
    const [one, two] = await answersOf(all.gateways);
    expect(one!.product.packaging.model.id).toBe('packaging/damage@1');
    expect(two).toEqual(one);
    const { digest } = one!.product.packaging.model;
    expect(readdirSync(join(all.objects.objects, 'artifacts', digest.slice(0, 2)))).toContain(digest);
  }, 300_000);

  it('answer every request while each replica is restarted, and swap to the next version meanwhile', async () => {
    const end = startLoad(6, () => askAt(all.endpoint, question));
    const second = await train({ ridge: 30 }, 'second');
    for (const app of [...all.packaging, ...all.gateways]) expect(await all.restart(app)).toBe(0);
    expect(await ended(second)).toBe('completed');
    await untilAllServe('2');
    const { answered, failed } = await end();
    expect(failed).toEqual([]);
    expect(answered).toBeGreaterThan(100);
    const [one, two] = await answersOf(all.gateways);
    expect(one!.product.packaging.model.id).toBe('packaging/damage@2');
    expect(two).toEqual(one);
  }, 300_000);

  it('finish a run whose worker is killed', async () => {
    const run = await train({ ridge: 40 }, 'third');
    while ((await look(run)).progress === null) await sleep(10);
    await all.kill(all.workers[0]!);
    expect(await ended(run)).toBe('completed');
  }, 300_000);
});
