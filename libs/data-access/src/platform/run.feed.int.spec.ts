import { setTimeout as sleep } from 'node:timers/promises';
import { connectDatabase, RunFeed, RunLog, type Database, type RunRecord } from '../index.ts';
import { startScratchDatabase, type ScratchDatabase } from '../testing/index.ts';

describe('RunFeed', () => {
  let scratch: ScratchDatabase;
  let database: Database;
  let admin: Database;
  let log: RunLog;
  let feed: RunFeed;
  let count = 0;

  beforeAll(async () => {
    scratch = await startScratchDatabase();
    database = await connectDatabase({ url: scratch.urls['haat_platform']! });
    admin = await connectDatabase({ url: scratch.adminUrl });
    log = new RunLog(database);
  });
  beforeEach(() => {
    feed = new RunFeed(database, { pollMs: 3_600_000, reconnectMs: 20 });
  });
  afterEach(() => feed.close());
  afterAll(async () => {
    await database.close();
    await admin.close();
    await scratch.stop();
  });

  const begin = async () => {
    const id = `train/feed/${count++}`;
    await log.create({ id, kind: 'train', model: 'packaging/damage', options: {} });
    return id;
  };
  const taken = async (runs: AsyncIterator<RunRecord>) => {
    const { value, done } = await runs.next();
    return done ? 'ended' : `${value.state} ${value.step} ${value.fraction}`;
  };
  const listeners = async () => {
    const { rows } = await admin.pool.query<{ pid: number }>(
      `select pid from pg_stat_activity where application_name = 'haat-listen' and query = 'listen haat_run'`,
    );
    return rows.map(({ pid }) => pid);
  };
  const untilListening = async (known: readonly number[] = []) => {
    for (;;) {
      const now = await listeners();
      if (now.length === 1 && !known.includes(now[0]!)) return now;
      await sleep(5);
    }
  };

  it('tells the run as it is, then every change, and ends with the run', async () => {
    const id = await begin();
    const runs = await feed.follow(id);
    expect(await taken(runs)).toBe('queued null null');
    await log.beginStep(id, 'fit');
    expect(await taken(runs)).toBe('running fit null');
    await log.progress(id, 0.5, 'half');
    expect(await taken(runs)).toBe('running fit 0.5');
    await log.complete(id, { metrics: {}, result: {} });
    expect(await taken(runs)).toBe('completed fit 1');
    expect(await taken(runs)).toBe('ended');
    expect(feed.followers).toBe(0);
  });

  it('tells the last of changes in quick succession, and nothing of other runs', async () => {
    const [id, other] = [await begin(), await begin()];
    const runs = await feed.follow(id);
    await taken(runs);
    await untilListening();
    const next = taken(runs);
    await log.beginStep(other, 'fit');
    await log.fail(id, 'failed', 'FIT_FAILED', 'no');
    expect(await next).toBe('failed null null');
    expect(await taken(runs)).toBe('ended');
  });

  it('tells an ended run once', async () => {
    const id = await begin();
    await log.fail(id, 'cancelled', 'RUN_CANCELLED', 'by hand');
    const runs = await feed.follow(id);
    expect([await taken(runs), await taken(runs)]).toEqual(['cancelled null null', 'ended']);
  });

  it('refuses a run that is not known, and keeps nothing of it', async () => {
    await expect(feed.follow('train/feed/none')).rejects.toMatchObject({ code: 'UNKNOWN_RUN' });
    expect(feed.followers).toBe(0);
  });

  it('does not know a run of another domain, and knows one of a domain that is given', async () => {
    const id = await begin();
    for (const domains of [[], ['pricing']])
      await expect(feed.follow(id, domains)).rejects.toMatchObject({ code: 'UNKNOWN_RUN' });
    expect(feed.followers).toBe(0);
    const runs = await feed.follow(id, ['pricing', 'packaging']);
    expect(await taken(runs)).toBe('queued null null');
    await runs.return!();
  });

  it.each(['train', 'backfill', 'undo', 'skew', 'drift', 'retention'])(
    'tells of a run of the kind %s',
    async (kind) => {
      const id = `${kind}/feed/${count++}`;
      await log.create({ id, kind, model: 'packaging/damage', options: {} });
      const runs = await feed.follow(id);
      await taken(runs);
      await untilListening();
      const next = taken(runs);
      await log.fail(id, 'failed', 'FAILED', 'no');
      expect(await next).toBe('failed null null');
      await runs.return!();
    },
  );

  it('survives a lost connection, and finds what happened meanwhile', async () => {
    const id = await begin();
    const runs = await feed.follow(id);
    await taken(runs);
    const before = await untilListening();
    const next = taken(runs);
    await admin.pool.query('select pg_terminate_backend($1)', [before[0]]);
    await log.beginStep(id, 'fit');
    expect(await next).toBe('running fit null');
    await untilListening(before);
    await log.fail(id, 'failed', 'FIT_FAILED', 'no');
    expect(await taken(runs)).toBe('failed fit null');
    expect(await taken(runs)).toBe('ended');
  });

  it('finds by looking what no notice told', async () => {
    await feed.close();
    feed = new RunFeed(database, { pollMs: 20, reconnectMs: 3_600_000 });
    const id = await begin();
    const runs = await feed.follow(id);
    await taken(runs);
    await admin.pool.query('select pg_terminate_backend($1)', [(await untilListening())[0]]);
    await log.beginStep(id, 'fit');
    expect(await taken(runs)).toBe('running fit null');
    await runs.return!();
  });

  it('forgets who leaves in the middle of waiting, and closes its connection with the last', async () => {
    const id = await begin();
    const [one, other] = [await feed.follow(id), await feed.follow(id)];
    await Promise.all([taken(one), taken(other)]);
    await untilListening();
    const waiting = taken(one);
    await one.return!();
    expect(await waiting).toBe('ended');
    expect(feed.followers).toBe(1);
    await other.return!();
    expect(feed.followers).toBe(0);
    while ((await listeners()).length > 0) await sleep(5);
  });
});
