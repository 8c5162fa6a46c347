import { jest } from '@jest/globals';
import { join } from 'node:path';
import { connectDatabase, PredictionLog } from '@haat/data-access';
import { ArchivedModels } from '@haat/model-runtime';
import { damageModel } from '@haat/packaging/model';
import { openDamage, replayPredictions } from '@haat/packaging/serving';
import { importPackaging, packagingStore } from '@haat/packaging/store';
import { simulatePackaging, writeWorld } from '@haat/simulators';
import { known, startStage, type Stage } from './testing/packaging.stage.ts';

describe('replayPrediction', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage();
    await stage.promote(2);
    await stage.ask('mutation { promotePackagingPlan(damageTarget: { share: 0.6 }) { id } }');
  });
  afterAll(() => stage?.stop());

  it('replays an old answer exactly, after its version was replaced, another plan followed and newer, late and corrected facts came', async () => {
    const answered = await stage.ask(
      'query ($ids: [_Any!]!) { _entities(representations: $ids) { ... on Product { id packaging { predictionId } } } }',
      { ids: stage.ids.slice(0, 40).map((id) => ({ __typename: 'Product', id })) },
    );
    const { _entities: nodes } = answered.data as unknown as { _entities: { packaging: { predictionId: string } }[] };
    const kept = nodes.map(({ packaging }) => packaging.predictionId);
    await stage.promote(1);
    await stage.ask('mutation { promotePackagingPlan(damageTarget: { share: 0.9 }) { id } }');
    for (const validFrom of [known, new Date(known.getTime() + 1), new Date()]) {
      const world = join(stage.folder, `world-${validFrom.getTime()}`);
      await writeWorld(simulatePackaging({ seed: validFrom.getTime() % 1_000, products: 600 }), world, 'csv');
      expect((await importPackaging(stage.task, world, { validFrom })).changed).toBeGreaterThan(600);
    }
    const replays = await Promise.all(kept.map(replayOf));
    expect(replays).toEqual(
      kept.map((id) => ({ id, versionId: 'packaging/damage@2', same: true, inputs: [], outputs: [] })),
    );
    const now = await stage.ask(
      'query ($id: ID!) { product(id: $id) { packaging { predictionId damageProbabilities { probability } } } }',
      {
        id: stage.ids[0],
      },
    );
    const before = await new PredictionLog(stage.task).require(kept[0]!);
    expect(before.output).not.toMatchObject({
      probability: now.data.product!.packaging.damageProbabilities.map(({ probability }) => probability),
    });
  });

  it('replays many predictions with as many statements as one, and one run for each version', async () => {
    const { rows } = await stage.task.pool.query<{ id: string }>(
      'select id from platform.prediction order by id limit 300',
    );
    const records = await Promise.all(rows.map(({ id }) => new PredictionLog(stage.task).require(id)));
    const archive = new ArchivedModels({
      model: damageModel.name,
      fetch: (digest) => stage.artifacts.get(digest),
      open: openDamage,
    });
    const statements = jest.spyOn(stage.task.pool, 'query');
    for (const some of [records.slice(0, 1), records]) {
      statements.mockClear();
      const replays = await replayPredictions(packagingStore(stage.task), (ref) => archive.acquire(ref), some);
      expect(replays.map(({ id, same }) => [id, same])).toEqual(some.map(({ id }) => [id, true]));
      expect(statements).toHaveBeenCalledTimes(3);
    }
    statements.mockRestore();
    const runs = await Promise.all(records.map(async (ref) => (await archive.acquire(ref)).open));
    expect([...new Set(runs)].map((open) => open.runs).reduce((a, b) => a + b)).toBeLessThanOrEqual(3);
  });

  it('says which fact and which answer differ, and by how much, where a record is not what was served', async () => {
    const { data } = await stage.ask('query ($id: ID!) { product(id: $id) { packaging { predictionId } } }', {
      id: stage.ids[1],
    });
    const { predictionId } = data.product!.packaging;
    const owner = await connectDatabase({ url: stage.scratch.url });
    await owner.pool.query(
      `update platform.prediction set input = input || jsonb_build_object('weight_g', (input ->> 'weight_g')::float8 + 2),
         output = jsonb_set(output, '{probability,1}', '0.5') where id = $1`,
      [predictionId],
    );
    await owner.close();
    const replay = await replayOf(predictionId);
    expect(replay).toMatchObject({
      same: false,
      inputs: [{ path: 'weight_g', difference: expect.closeTo(2, 6) }],
      outputs: [{ path: 'probability[1]', recorded: '0.5', difference: expect.any(Number) }],
    });
  });

  async function replayOf(id: string): Promise<unknown> {
    const fields = 'path recorded replayed difference';
    const { data, errors } = await stage.ask(
      `query ($id: ID!) { replayPrediction(id: $id) { id versionId same inputs { ${fields} } outputs { ${fields} } } }`,
      { id },
    );
    expect(errors).toBeUndefined();
    return (data as { replayPrediction?: unknown }).replayPrediction;
  }
});
