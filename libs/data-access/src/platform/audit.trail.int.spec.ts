import { connectDatabase, type Database } from '../database/database.connection.ts';
import { startScratchDatabase, type ScratchDatabase } from '../testing/index.ts';
import { AuditTrail, type NewAuditEntry } from './audit.trail.ts';
import { auditAccess, domainAccess } from './domain.access.ts';

let scratch: ScratchDatabase;
let platform: Database;
let task: Database;

beforeAll(async () => {
  scratch = await startScratchDatabase();
  const owner = await connectDatabase({ url: scratch.url });
  for (const statement of [...domainAccess('packaging'), ...auditAccess('packaging')])
    await owner.pool.query(statement);
  await owner.close();
  platform = await connectDatabase({ url: scratch.urls['haat_platform']! });
  task = await connectDatabase({ url: scratch.urls['haat_packaging_task']! });
});

afterAll(async () => {
  for (const database of [platform, task]) await database?.close();
  await scratch?.stop();
});

const entry = (over: Partial<NewAuditEntry> = {}): NewAuditEntry => ({
  actor: { subject: 'user:asha', origin: '127.0.0.1' },
  action: 'model.promote',
  subject: 'packaging/damage@1',
  domain: 'packaging',
  ...over,
});

describe('the audit trail', () => {
  it('answers entries newest first, by subject, actor and domain, a page at a time', async () => {
    const trail = new AuditTrail(platform);
    for (const version of [1, 2, 3]) await trail.record(entry({ subject: `packaging/damage@${version}` }));
    await trail.record(entry({ subject: 'risk/infection@1', domain: 'risk', reason: 'weekly', details: { from: 2 } }));
    const [last, before] = await trail.page(2);
    expect(last).toMatchObject({
      actor: 'user:asha',
      subject: 'risk/infection@1',
      reason: 'weekly',
      details: { from: 2 },
    });
    expect(before).toMatchObject({ subject: 'packaging/damage@3', reason: null, details: {} });
    expect((await trail.page(9, { before: before!.id })).map(({ subject }) => subject)).toEqual([
      'packaging/damage@2',
      'packaging/damage@1',
    ]);
    expect(await trail.page(9, { domains: ['risk'] })).toHaveLength(1);
    expect(await trail.page(9, { actor: 'user:nobody' })).toEqual([]);
  });

  it('rolls back with the deed that it tells of', async () => {
    const client = await platform.pool.connect();
    await client.query('begin');
    await new AuditTrail(platform).record(entry({ subject: 'undone' }), client);
    await client.query('rollback');
    client.release();
    expect(await new AuditTrail(platform).page(9, { subject: 'undone' })).toEqual([]);
  });

  it.each(['update platform.audit set actor = $1', 'delete from platform.audit where actor = $1'])(
    'cannot be changed by a role of an app: %s',
    async (sql) => {
      for (const { pool } of [platform, task])
        await expect(pool.query(sql, ['x'])).rejects.toThrow(/permission denied/);
    },
  );

  it("takes a task's entries about its own domain only", async () => {
    const trail = new AuditTrail(task);
    await trail.record(entry({ subject: 'by the task' }));
    await expect(trail.record(entry({ domain: 'risk' }))).rejects.toThrow(/row-level security/);
    expect(await new AuditTrail(platform).page(1)).toMatchObject([{ subject: 'by the task' }]);
  });
});
