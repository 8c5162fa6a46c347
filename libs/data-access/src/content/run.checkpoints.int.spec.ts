import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connectDatabase, type Database } from '../database/database.connection.ts';
import { domainAccess, registryAccess } from '../platform/domain.access.ts';
import { RunLog } from '../platform/run.log.ts';
import { startScratchDatabase, type ScratchDatabase } from '../testing/index.ts';
import { ContentGarbage } from './content.garbage.ts';
import type { ContentStore } from './content.store.ts';
import { RunCheckpoints } from './run.checkpoints.ts';
import { contentStore } from './store.address.ts';

const model = 'packaging/damage';

let folder: string;
let scratch: ScratchDatabase;
let task: Database;
let platform: Database;
let store: ContentStore;
let checkpoints: RunCheckpoints;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'haat-checkpoints-'));
  scratch = await startScratchDatabase();
  const owner = await connectDatabase({ url: scratch.url });
  for (const statement of [domainAccess, registryAccess].flatMap((access) => access('packaging'))) {
    await owner.pool.query(statement);
  }
  await owner.close();
  task = await connectDatabase({ url: scratch.urls['haat_packaging_task']! });
  platform = await connectDatabase({ url: scratch.urls['haat_platform']! });
  store = contentStore(join(folder, 'artifacts'));
  checkpoints = new RunCheckpoints(task);
});

afterAll(async () => {
  for (const database of [task, platform]) await database?.close();
  await scratch?.stop();
  rmSync(folder, { recursive: true, force: true });
});

let runs = 0;
async function begun() {
  const run = { runId: `train/${++runs}`, model };
  await new RunLog(task).create({ id: run.runId, kind: 'train', model, options: {} });
  return run;
}
const file = (text: string) => {
  const path = join(folder, 'checkpoint');
  writeFileSync(path, text);
  return path;
};
const stored = async () => (await Array.fromAsync(store.list())).map(({ digest }) => digest).toSorted();

describe('the checkpoint of a run', () => {
  it('is the one that was kept last; the one before is gone, and keeping it again changes nothing', async () => {
    const run = await begun();
    await expect(checkpoints.latest(run.runId)).resolves.toBeNull();
    await checkpoints.keep(run, file('one'), store);
    const { digest } = await checkpoints.keep(run, file('two'), store);
    await checkpoints.keep(run, file('two'), store);
    await expect(checkpoints.latest(run.runId)).resolves.toBe(digest);
    expect(await stored()).toEqual([digest]);
    await checkpoints.drop(run, store);
    await checkpoints.drop(run, store);
    await expect(checkpoints.latest(run.runId)).resolves.toBeNull();
    expect(await stored()).toEqual([]);
  });

  it('stays for as long as another run goes on from the same bytes', async () => {
    const [one, other] = [await begun(), await begun()];
    const { digest } = await checkpoints.keep(one, file('same'), store);
    await checkpoints.keep(other, file('same'), store);
    await checkpoints.drop(one, store);
    expect(await stored()).toEqual([digest]);
    await new RunLog(task).fail(one.runId, 'cancelled', 'RUN_CANCELLED', 'enough');
    await checkpoints.drop(other, store);
    expect(await stored()).toEqual([]);
  });

  it('is not garbage while its run is in flight, and nobody goes on from it afterwards', async () => {
    const run = await begun();
    const { digest } = await checkpoints.keep(run, file('in flight'), store);
    const deed = { actor: { subject: 'user:asha', origin: 'test' } };
    const collect = () => new ContentGarbage(platform, store).collect(new Date(Date.now() + 60_000), deed);
    await collect();
    expect(await stored()).toEqual([digest]);
    await new RunLog(task).complete(run.runId, { metrics: {}, result: {} });
    await expect(checkpoints.latest(run.runId)).resolves.toBeNull();
    await collect();
    expect(await stored()).toEqual([]);
  });

  it('is whole whoever dies on the way: until the row names the new one, the old one is there', async () => {
    const run = await begun();
    const { digest } = await checkpoints.keep(run, file('old'), store);
    const dying: ContentStore = { ...store, putFile: () => Promise.reject(new Error('killed')) };
    await expect(checkpoints.keep(run, file('new'), dying)).rejects.toThrow('killed');
    await expect(checkpoints.latest(run.runId)).resolves.toBe(digest);
    expect(await stored()).toEqual([digest]);
    await checkpoints.drop(run, store);
  });

  it('leaves nothing in the store after the end of its run, wherever a worker was killed', async () => {
    const run = await begun();
    const killed = () => Promise.reject(new Error('killed'));
    await checkpoints.keep(run, file('first'), store);
    const beforeNaming: ContentStore = { ...store, putFile: (path) => store.putFile(path).then(killed) };
    await expect(checkpoints.keep(run, file('never named'), beforeNaming)).rejects.toThrow('killed');
    const beforeRemoving: ContentStore = { ...store, remove: killed };
    await expect(checkpoints.keep(run, file('second'), beforeRemoving)).rejects.toThrow('killed');
    expect(await stored()).toHaveLength(3);
    await checkpoints.drop(run, store);
    expect(await stored()).toEqual([]);
  });

  it('is one of each part of a run, and goes with what else the run needed on its way when the run drops it', async () => {
    const run = await begun();
    await checkpoints.keep(run, file('third, first'), store, 2);
    const third = (await checkpoints.keep(run, file('third, second'), store, 2)).digest;
    const first = (await checkpoints.keep(run, file('first, alone'), store)).digest;
    const [ofFirst, ofSecond, ofThird] = await Promise.all(
      [0, 1, 2].map((part) => checkpoints.latest(run.runId, part)),
    );
    expect([ofFirst, ofSecond, ofThird]).toEqual([first, null, third]);
    const answer = await checkpoints.passing(run, store).put(new TextEncoder().encode('of the first part'));
    expect(await stored()).toEqual([first, third, answer.digest].toSorted());
    await checkpoints.drop(run, store);
    await expect(checkpoints.latest(run.runId, 2)).resolves.toBeNull();
    expect(await stored()).toEqual([]);
  });

  it('is not kept for a run that has ended, not even where it ends while the bytes come', async () => {
    const run = await begun();
    const end = async () => {
      await new RunLog(task).fail(run.runId, 'failed', 'STEP_FAILED', 'another part of it failed');
      await checkpoints.drop(run, store);
    };
    const ending: ContentStore = { ...store, putFile: async (path) => (await end(), store.putFile(path)) };
    await expect(checkpoints.keep(run, file('as it ends'), ending, 1)).rejects.toMatchObject({
      code: 'RUN_KEEPS_NOTHING',
    });
    await expect(checkpoints.keep(run, file('after it'), store, 1)).rejects.toMatchObject({
      code: 'RUN_KEEPS_NOTHING',
    });
    expect(await stored()).toEqual([]);
  });

  it('is kept only by the task of its own domain', async () => {
    await expect(checkpoints.keep({ runId: 'train/x', model: 'risk/x' }, file('foreign'), store)).rejects.toThrow();
    expect(await stored()).toEqual([]);
  });
});
