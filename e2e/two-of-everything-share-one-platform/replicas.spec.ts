import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { faultRounds } from '@haat/data-access/testing';

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
  '{ product(id: "p000003") { packaging { damageProbabilities { packageType probability } model { id digest aliases } } } }';

let all: ReplicatedPlatform;
beforeAll(async () => {
  all = await startReplicatedPlatform(2_000);
  expect(await ended(await train({}, 'first'))).toBe('completed');
  await Promise.all(all.replicas.packaging.map((app) => app.ready()));
}, 900_000);
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
    await answersOf(all.replicas.gateway);
    const direct = await Promise.all(all.replicas.packaging.map(({ url }) => metricsOf(url)));
    if (direct.every((text) => text.includes(`version="${version}"`))) return;
    await sleep(50);
  }
};
/** What gateways logged of subgraphs that did not answer. */
const silences = (apps: readonly AppProcess[]) =>
  apps.flatMap(({ lines }) => lines.filter(({ msg }) => msg === 'subgraph did not answer'));
const metricsOf = async (url: string) => (await fetch(`${url}/metrics`)).text();

describe('two of everything', () => {
  it('train one model into the bucket, and both packaging apps take it up', async () => {
    await untilAllServe('1');
    const [one, two] = await answersOf(all.replicas.gateway);
    expect(one!.product.packaging.model.id).toBe('packaging/damage@1');
    expect(two).toEqual(one);
    const { digest } = one!.product.packaging.model;
    expect(readdirSync(join(all.objects.objects, 'artifacts', digest.slice(0, 2)))).toContain(digest);
  }, 300_000);

  const { rounds, each, seed, timeoutMs, report } = faultRounds({ short: 1, long: 20, secondsEach: 300 });
  it(
    'answer every request while each replica is restarted, and swap to the next version meanwhile',
    async () => {
      const end = startLoad(6, () => askAt(all.endpoint, question));
      const statuses: (number | null)[] = [];
      const states: string[] = [];
      const gone = new Set<AppProcess>();
      for (const round of each()) {
        const next = await train({ ridge: 30 + round }, `restarts ${seed}/${round}`);
        for (const app of Object.values(all.replicas).flat()) {
          gone.add(app);
          statuses.push(await all.restart(app));
        }
        states.push(await ended(next));
        await untilAllServe(String(round + 2));
      }
      const { answered, failed } = await end();
      const open = states.filter((state) => state !== 'completed');
      report('rolling-restart', {
        happened: `${statuses.length} replicas ended by SIGTERM, one after the other, while a model trained; ${answered} requests of 6 clients`,
        lost: open.length,
        failed: failed.length + statuses.filter((status) => status !== 0).length,
      });
      // Why a request failed is told to no client.
      const reasons = failed.length > 0 ? silences([...gone, ...all.replicas.gateway]) : [];
      const wanted = { failed: [], reasons: [], open: [], statuses: statuses.map(() => 0) };
      expect({ failed, reasons, open, statuses }).toEqual(wanted);
      expect(answered).toBeGreaterThan(100);
      const [one, two] = await answersOf(all.replicas.gateway);
      expect(one!.product.packaging.model.id).toBe(`packaging/damage@${rounds + 1}`);
      expect(two).toEqual(one);
    },
    timeoutMs,
  );

  it('finish a run whose worker is killed', async () => {
    const run = await train({ ridge: 80 }, 'killed');
    while ((await look(run)).progress === null) await sleep(10);
    await all.kill(all.replicas.worker[0]!);
    expect(await ended(run)).toBe('completed');
  }, 300_000);
});
