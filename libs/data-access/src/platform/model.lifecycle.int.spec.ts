import { connectDatabase, type Database } from '../database/database.connection.ts';
import { startScratchDatabase, type ScratchDatabase } from '../testing/index.ts';
import { sampleCard, sampleVersion } from '../testing/sample.version.ts';
import { ApprovalLog } from './approval.log.ts';
import { AuditTrail } from './audit.trail.ts';
import { backfillRevision } from './data.revision.ts';
import { ModelLifecycle } from './model.lifecycle.ts';
import { ModelRegistry } from './model.registry.ts';

let scratch: ScratchDatabase;
let platform: Database;
let registry: ModelRegistry;
let lifecycle: ModelLifecycle;
let audit: AuditTrail;
let made = 0;

beforeAll(async () => {
  scratch = await startScratchDatabase();
  platform = await connectDatabase({ url: scratch.urls['haat_platform']! });
  [registry, lifecycle, audit] = [new ModelRegistry(platform), new ModelLifecycle(platform), new AuditTrail(platform)];
});

afterAll(async () => {
  await platform?.close();
  await scratch?.stop();
});

const by = (subject: string, reason?: string) => ({ actor: { subject, origin: '10.0.0.9' }, reason });
const asha = by('user:asha', 'better on new goods');

/** A model of its own with so many versions, all of which passed their gates but the last where `failing`. */
async function modelWith(versions: number, failing = false): Promise<string> {
  const model = `packaging/m${++made}` as const;
  await registry.saveCard(sampleCard(model));
  for (let version = 1; version <= versions; version++) {
    const passed = !(failing && version === versions);
    await registry.register(
      sampleVersion(`train/${model}/${version}`, { model, gates: [{ gate: 'auc >= 0.6', passed, evidence: '0.51' }] }),
    );
  }
  return model;
}

const championOf = async (model: string) => (await registry.champion(model))?.version ?? null;
const trailOf = async (model: string) =>
  (await audit.page(100)).filter(({ subject }) => subject.startsWith(`${model}@`)).toReversed();
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { code: string }) => error.code,
  );

describe('promotion', () => {
  it('lets a version answer, once, and says who did it, why and from where', async () => {
    const model = await modelWith(2);
    await lifecycle.promote(model, 1, asha);
    await lifecycle.promote(model, 1, by('user:ravi'));
    await lifecycle.promote(model, 2, { ...by('system:training'), details: { runId: 'r' } });
    expect(await championOf(model)).toBe(2);
    expect(await trailOf(model)).toMatchObject([
      {
        actor: 'user:asha',
        origin: '10.0.0.9',
        action: 'model.promote',
        subject: `${model}@1`,
        domain: 'packaging',
        reason: 'better on new goods',
        details: { alias: 'champion', from: null, to: 1 },
      },
      { actor: 'system:training', subject: `${model}@2`, details: { from: 1, to: 2, runId: 'r' } },
    ]);
    const [dethroned, made] = await audit.page(9, { subject: `${model}@1` });
    expect([dethroned, made]).toMatchObject([{ details: { to: 2 } }, { details: { to: 1 } }]);
    expect(await audit.page(9, { subject: `${model}@2` })).toHaveLength(1);
  });

  it('refuses what did not pass its gates, what is archived and what does not exist, and changes nothing', async () => {
    const model = await modelWith(3, true);
    await lifecycle.archive(model, 2, asha);
    const codes = await Promise.all([3, 2, 9].map((version) => code(lifecycle.promote(model, version, asha))));
    expect(codes).toEqual(['GATES_NOT_PASSED', 'VERSION_ARCHIVED', 'UNKNOWN_MODEL_VERSION']);
    await expect(lifecycle.promote(model, 3, asha)).rejects.toThrow('auc >= 0.6 (0.51)');
    expect(await championOf(model)).toBeNull();
    expect(await trailOf(model)).toHaveLength(1);
  });

  it('lets exactly one of many operators through who all believe the same champion to be there', async () => {
    const model = await modelWith(6);
    await lifecycle.promote(model, 1, asha);
    const codes = await Promise.all(
      [2, 3, 4, 5, 6].map((version) => code(lifecycle.promote(model, version, asha, { expectedChampion: 1 }))),
    );
    expect(codes.toSorted()).toEqual([...Array<string>(4).fill('CHAMPION_CHANGED'), 'done']);
    expect(await championOf(model)).toBe(codes.indexOf('done') + 2);
    expect(await trailOf(model)).toHaveLength(2);
    const again = { expectedChampion: 1 };
    expect(await code(lifecycle.promote(model, codes.indexOf('done') + 2, asha, again))).toBe('done');
    expect(await code(lifecycle.promote(model, 1, asha, { expectedChampion: 0 }))).toBe('CHAMPION_CHANGED');
  });
});

describe('the state that backfills start from', () => {
  it('has one name until the champion is another, or the same one again after another', async () => {
    const model = await modelWith(2);
    const name = () => backfillRevision(platform, 'packaging', model);
    const names = [await name()];
    for (const version of [1, 2, 1]) {
      await lifecycle.promote(model, version, asha);
      expect(await name()).toBe(await name());
      names.push(await name());
    }
    await lifecycle.promote(model, 1, asha);
    expect(await name()).toBe(names.at(-1));
    expect(new Set(names).size).toBe(4);
  });
});

describe('rollback', () => {
  it('goes a step further back each time, also past an archived one, and to a named earlier champion', async () => {
    const model = await modelWith(5);
    for (const version of [1, 2, 3, 4]) await lifecycle.promote(model, version, asha);
    expect(await lifecycle.rollback(model, by('user:ravi', 'too many returns'))).toMatchObject({ version: 3 });
    await lifecycle.archive(model, 2, asha);
    expect(await lifecycle.rollback(model, asha)).toMatchObject({ version: 1 });
    expect(await code(lifecycle.rollback(model, asha))).toBe('NO_FORMER_CHAMPION');
    expect(await lifecycle.rollback(model, asha, { to: 4 })).toMatchObject({ version: 4 });
    expect(await code(lifecycle.rollback(model, asha, { to: 5 }))).toBe('NOT_A_FORMER_CHAMPION');
    expect(await code(lifecycle.rollback(model, asha, { to: 2 }))).toBe('VERSION_ARCHIVED');
    expect(await championOf(model)).toBe(4);
    expect((await trailOf(model)).find(({ actor }) => actor === 'user:ravi')).toMatchObject({
      action: 'model.rollback',
      reason: 'too many returns',
      details: { from: 4, to: 3 },
    });
  });

  it('happens once where two ask for it and say what they saw', async () => {
    const model = await modelWith(3);
    for (const version of [1, 2, 3]) await lifecycle.promote(model, version, asha);
    const codes = await Promise.all([1, 2].map(() => code(lifecycle.rollback(model, asha, { expectedChampion: 3 }))));
    expect(codes.toSorted()).toEqual(['CHAMPION_CHANGED', 'done']);
    expect(await championOf(model)).toBe(2);
    await lifecycle.rollback(model, asha);
    expect(await code(lifecycle.rollback(model, asha, { expectedChampion: 2 }))).toBe('CHAMPION_CHANGED');
  });
});

describe('archiving', () => {
  it('puts aside what holds no alias and no approval waits for, and takes it back', async () => {
    const model = await modelWith(4);
    await lifecycle.promote(model, 1, asha);
    await lifecycle.assign(model, 'shadow', 2, asha);
    const approvals = new ApprovalLog(platform);
    const run = `train/${model}/3`;
    await approvals.ask({ runId: run, model, version: 3 }, 1);
    expect(await Promise.all([1, 2, 3].map((version) => code(lifecycle.archive(model, version, asha))))).toEqual([
      'VERSION_HOLDS_ALIAS',
      'VERSION_HOLDS_ALIAS',
      'VERSION_AWAITS_APPROVAL',
    ]);
    await approvals.decide(run, 'rejected', asha);
    await lifecycle.assign(model, 'shadow', null, asha);
    await lifecycle.assign(model, 'shadow', null, asha);
    for (const version of [2, 3, 2]) await lifecycle.archive(model, version, asha);
    expect(await code(lifecycle.assign(model, 'challenger', 2, asha))).toBe('VERSION_ARCHIVED');
    expect((await registry.version(model, 2)).archivedAt).not.toBeNull();
    expect((await lifecycle.unarchive(model, 2, asha)).archivedAt).toBeNull();
    await lifecycle.unarchive(model, 2, asha);
    await lifecycle.assign(model, 'challenger', 2, asha);
    expect((await trailOf(model)).map(({ action, subject }) => `${action} ${subject.split('@')[1]}`)).toEqual([
      'model.promote 1',
      'model.alias 2',
      'promotion.reject 3',
      'model.alias 2',
      'model.archive 2',
      'model.archive 3',
      'model.unarchive 2',
      'model.alias 2',
    ]);
  });

  it('and promoting the same version at once end in one or the other, never in an archived champion', async () => {
    for (let round = 0; round < 10; round++) {
      const model = await modelWith(1);
      const codes = await Promise.all([
        code(lifecycle.promote(model, 1, asha)),
        code(lifecycle.archive(model, 1, asha)),
      ]);
      const archived = (await registry.version(model, 1)).archivedAt !== null;
      expect([codes, await championOf(model)]).toEqual(
        archived ? [['VERSION_ARCHIVED', 'done'], null] : [['done', 'VERSION_HOLDS_ALIAS'], 1],
      );
    }
  });
});

describe('an approval', () => {
  it('is answered once, by one of many who answer at once', async () => {
    const model = await modelWith(1);
    const approvals = new ApprovalLog(platform);
    const runId = `train/${model}/1`;
    expect(await code(approvals.decide(runId, 'approved', asha))).toBe('NOT_AWAITING_APPROVAL');
    const asked = await approvals.ask({ runId, model, version: 1 }, 2);
    expect(await approvals.ask({ runId, model, version: 1 }, 9)).toEqual(asked);
    const answers = (['approved', 'rejected', 'approved', 'rejected'] as const).map((state, n) =>
      code(approvals.decide(runId, state, by(`user:${n}`, state))),
    );
    const codes = await Promise.all(answers);
    const [approval] = await approvals.ofRuns([runId]);
    const first = approval!.state === 'approved' ? 0 : 1;
    expect(codes).toEqual([0, 1, 2, 3].map((n) => (n % 2 === first ? 'done' : 'ALREADY_DECIDED')));
    expect(await approvals.close(runId)).toEqual(approval);
    expect(await trailOf(model)).toMatchObject([
      { actor: approval!.actor, reason: approval!.state, details: { runId } },
    ]);
  });

  it('ends with its time, even where nobody has closed it yet', async () => {
    const model = await modelWith(1);
    const approvals = new ApprovalLog(platform);
    const runId = `train/${model}/1`;
    await approvals.ask({ runId, model, version: 1 }, 0);
    expect(await code(approvals.decide(runId, 'approved', asha))).toBe('NOT_AWAITING_APPROVAL');
    expect(await approvals.close(runId)).toMatchObject({ state: 'expired', actor: null });
    await approvals.cancel(runId);
    expect(await approvals.ofRuns([runId])).toMatchObject([{ state: 'expired' }]);
  });
});
