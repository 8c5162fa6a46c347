import { join } from 'node:path';
import { contentStore, dataRevision } from '@haat/data-access';
import { readMetadata } from '@haat/model-runtime';
import { importPackaging } from '@haat/packaging/store';
import { simulatePackaging, writeWorld } from '@haat/simulators';
import { startTraining, trainInput } from '@haat/workflows/client';
import { startScratchPlatform, type ScratchPlatform } from './testing/scratch.platform.ts';
import { startWorkerProcess, type WorkerProcess } from './testing/worker.process.ts';

describe('the worker as it is deployed', () => {
  let platform: ScratchPlatform;
  let worker: WorkerProcess;

  beforeAll(async () => {
    platform = await startScratchPlatform();
    const world = join(platform.folder, 'world');
    await writeWorld(simulatePackaging({ seed: 5, products: 3_000 }), world, 'csv');
    await importPackaging(platform.database, world, { validFrom: new Date('2025-01-01T00:00:00Z') });
    worker = await startWorkerProcess('../main.ts', platform.env);
  }, 900_000);

  afterAll(async () => {
    await worker?.end('SIGTERM');
    await platform?.stop();
  });

  it('registers the card of what it trains', async () => {
    await expect(platform.registry.model('packaging/damage')).resolves.toMatchObject({
      card: { name: 'packaging/damage', kind: 'convex' },
    });
  });

  it('trains the damage model on a simulated history, and a second run on the same data gives the same bytes', async () => {
    const request = {
      model: 'packaging/damage',
      asOf: '2026-01-01T00:00:00.000Z',
      dataRevision: String(await dataRevision(platform.database, 'packaging')),
    };
    const first = await startTraining(platform.temporal, trainInput(request, new Date()));
    const result = await first.result();
    expect(result.gates.map(({ gate, passed, evidence }) => ({ gate, passed, evidence }))).toEqual(
      result.gates.map(({ gate, evidence }) => ({ gate, passed: true, evidence })),
    );
    expect(result.promoted).toBe(true);
    await expect(platform.registry.champion('packaging/damage')).resolves.toEqual(result.ref);

    const artifact = await contentStore(platform.env['ARTIFACTS_URL']!).get(result.ref.digest);
    const version = await platform.registry.version('packaging/damage', result.ref.version);
    expect(readMetadata(artifact)).toMatchObject({
      card: { name: 'packaging/damage' },
      lineage: { dataset: { digest: version.datasetDigest, asOf: request.asOf }, seed: 1 },
    });

    const again = await startTraining(
      platform.temporal,
      trainInput({ ...request, idempotencyKey: 'again' }, new Date()),
    );
    expect(again.started).toBe(true);
    await expect(again.result()).resolves.toMatchObject({ ref: { version: 2, digest: result.ref.digest } });
  }, 120_000);
});
