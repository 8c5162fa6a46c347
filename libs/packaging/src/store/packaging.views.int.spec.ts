import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  boundParameters,
  connectDatabase,
  correctedQuery,
  inForceQuery,
  openDataRevision,
  raiseDataRevision,
  type Database,
} from '@haat/data-access';
import { startScratchDatabase, type ScratchDatabase } from '@haat/data-access/testing';
import type { Horizon } from '@haat/kit';

import { packagingViews } from '../contract/index.ts';
import { packagingMigrations } from './migrations/index.ts';
import { packagingEntities } from './packaging.entities.ts';
import { importPackaging } from './packaging.import.ts';
import { PackagingStore } from './packaging.store.ts';

type PackagingView = (typeof packagingViews)[number];

let scratch: ScratchDatabase;
let database: Database;
let store: PackagingStore;
let folder: string;

const day = (n: number) => new Date(Date.UTC(2026, 0, n));
const moments = [1, 2, 3, 4, 5, 6, 7].map(day);

beforeAll(async () => {
  scratch = await startScratchDatabase({ migrations: [packagingMigrations] });
  database = await connectDatabase({ url: scratch.urls['haat_packaging_task']!, entities: packagingEntities });
  store = new PackagingStore(database);
  folder = mkdtempSync(join(tmpdir(), 'haat-views-'));
  const types =
    'code,name,material_inr,added_cm,tare_kg,max_kg,max_thickness_cm\nbag,Bag,2,0.4,0.01,3,60\nbox,Box,16,3,0.2,20,\n';
  writeFileSync(join(folder, 'package-types.csv'), types);
  await arrive(2, { a: 100, b: 200 }, ['a,bag,2026-01-01,5,1', 'b,box,2026-01-02,7,0']);
}, 60_000);

afterAll(async () => {
  await database?.close();
  await scratch?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Facts arrive now that hold from day `from` on. */
async function arrive(from: number, weights: Record<string, number>, counts: readonly string[]): Promise<void> {
  const products = Object.entries(weights).map(([id, weight]) => `${id},toys,${weight},1,2,3,99,1,0,bag,1`);
  writeFileSync(
    join(folder, 'products.csv'),
    `product_id,category,weight_g,length_cm,width_cm,height_cm,price_inr,fragile,liquid,current_package,demand\n${products.join('\n')}\n`,
  );
  writeFileSync(join(folder, 'counts.csv'), `product_id,package,day,shipments,damages\n${counts.join('\n')}\n`);
  await importPackaging(database, folder, { validFrom: day(from) });
}

/** All that a view answers at a horizon, as text. */
async function answerOf(view: PackagingView, at: Horizon): Promise<string> {
  const text = view.reading === 'latest' ? inForceQuery(view, boundParameters) : correctedQuery(view, boundParameters);
  const { rows } = await database.pool.query({ rowMode: 'array', text, values: [at.asOf, at.revision] });
  return JSON.stringify(rows);
}

const answers = async (view: PackagingView, revision: number) =>
  Promise.all(moments.map((asOf) => answerOf(view, { asOf, revision })));

const arrivals: Record<string, () => Promise<void>> = {
  'facts that hold from later on': () => arrive(5, { a: 101, c: 300 }, ['a,bag,2026-01-05,3,0']),
  'a late event': () => arrive(3, { a: 102, b: 201 }, ['a,bag,2026-01-03,2,1', 'c,box,2026-01-01,4,0']),
  'a correction of the same key and event time': () =>
    arrive(2, { a: 103, b: 202 }, ['a,bag,2026-01-01,6,1', 'b,box,2026-01-02,7,2']),
};

describe.each(packagingViews.map((view) => [view.name, view] as const))('the view %s', (_name, view) => {
  it.each(Object.keys(arrivals))(
    'answers every earlier horizon alike, to the byte, after %s; the newest otherwise',
    async (name) => {
      const before = await store.horizon(day(7));
      const known = await Promise.all(
        Array.from({ length: before.revision + 1 }, (_, revision) => answers(view, revision)),
      );
      await arrivals[name]!();
      const { revision } = await store.horizon(day(7));
      expect(revision).toBeGreaterThan(before.revision);
      for (const [earlier, answered] of known.entries()) expect(await answers(view, earlier)).toEqual(answered);
      expect(await answers(view, revision)).not.toEqual(known.at(-1));
      // What was known of the other view is undone, so that each starts from the same state.
      await undo(before.revision);
    },
  );
});

/** As the owner, takes back what came after a revision: no role of an app could. */
async function undo(revision: number): Promise<void> {
  const owner = await connectDatabase({ url: scratch.url });
  for (const { table } of packagingViews)
    await owner.pool.query(`delete from ${table} where revision > $1`, [revision]);
  await owner.pool.query(`update platform.data_revision set revision = $1 where domain = 'packaging'`, [revision]);
  await owner.close();
}

describe('the reads of the store', () => {
  beforeAll(async () => {
    for (const happens of Object.values(arrivals)) await happens();
  });

  it('answer the training set and the online read of the same horizon alike, row by row', async () => {
    const { revision } = await store.horizon(day(7));
    for (let known = 0; known <= revision; known += 1) {
      for (const asOf of moments) {
        const at = { asOf, revision: known };
        const training = await store.products(at);
        expect(await store.productsById(['c', 'b', 'a', 'nobody', 'a'], at)).toEqual(training);
        expect((await store.productPage(null, 10, {}, at)).facts).toEqual(training);
      }
    }
  });

  it('join at points in time: each entity at its own moment and revision, in one statement', async () => {
    const { revision } = await store.horizon(day(7));
    const points = moments.flatMap((asOf) => [1, revision].map((known) => ({ asOf, revision: known })));
    const ids = points.map((_, k) => ['a', 'b', 'c'][k % 3]!);
    const { point, facts } = await store.productsAt(ids, points);
    const one = await Promise.all(points.map((at, k) => store.productsById([ids[k]!], at)));
    expect([...point]).toEqual(one.flatMap(({ rows }, k) => (rows === 1 ? [k] : [])));
    expect([...facts.weightG]).toEqual(one.flatMap(({ weightG }) => [...weightG]));
    expect(new Set(facts.weightG).size).toBeGreaterThan(3);
  });

  it('tell a correction from what stood before it, by the revision alone', async () => {
    const { revision } = await store.horizon(day(7));
    const weight = async (at: Horizon) => (await store.productsById(['a'], at)).weightG[0];
    expect(await weight({ asOf: day(2), revision: 1e9 })).toBe(103);
    const seen = await Promise.all(
      Array.from({ length: revision + 1 }, (_, known) => weight({ asOf: day(2), revision: known })),
    );
    expect([...new Set(seen)]).toEqual([undefined, 100, 103]);
    const shipped = async (known: number) => (await store.counts({ asOf: day(7), revision: known })).shipments[0];
    expect(await shipped(revision)).toBe(6 + 2 + 3);
  });

  it('refuse to change or remove a fact, whatever the role', async () => {
    const app = await connectDatabase({ url: scratch.urls['haat_packaging']! });
    for (const { pool } of [database, app])
      for (const { table } of packagingViews)
        for (const sql of [`delete from ${table}`, `update ${table} set revision = 0`])
          await expect(pool.query(sql)).rejects.toThrow('permission denied');
    await app.close();
  });
});

describe('revisions', () => {
  it('are committed in their order: one that is open keeps the next one waiting, and a reader sees neither before its end', async () => {
    const [first, second] = [await database.pool.connect(), await database.pool.connect()];
    const before = (await store.horizon(day(7))).revision;
    const order: number[] = [];
    const change = async (client: typeof first) => {
      await client.query('begin');
      const revision = await openDataRevision(client, 'packaging');
      return async () => {
        await raiseDataRevision(client, 'packaging', revision);
        await client.query('commit');
        client.release();
        order.push(revision);
      };
    };
    const endFirst = await change(first);
    const waiting = change(second);
    expect((await store.horizon(day(7))).revision).toBe(before);
    await endFirst();
    expect((await store.horizon(day(7))).revision).toBe(before + 1);
    await (
      await waiting
    )();
    expect(order).toEqual([before + 1, before + 2]);
  });
});
