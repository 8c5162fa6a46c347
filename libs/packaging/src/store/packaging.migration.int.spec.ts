import { connectDatabase, migrate, platformMigrations, type Database } from '@haat/data-access';
import { startScratchDatabase, type ScratchDatabase } from '@haat/data-access/testing';

import { PackagingBitemporal1760004000100 as Bitemporal } from './migrations/bitemporal.1760004000100.ts';
import { packagingMigrations } from './migrations/index.ts';
import { packagingEntities } from './packaging.entities.ts';
import { PackagingStore } from './packaging.store.ts';

const earlier = packagingMigrations.slice(0, packagingMigrations.indexOf(Bitemporal));
const noon = new Date('2026-01-01T12:00:00Z');

describe('facts from before they were kept in both times', () => {
  let scratch: ScratchDatabase;
  let owner: Database;

  beforeAll(async () => {
    scratch = await startScratchDatabase({ migrations: [earlier] });
    owner = await connectDatabase({ url: scratch.url, entities: packagingEntities });
    for (const statement of before) await owner.pool.query(statement);
    await migrate(scratch.url, [platformMigrations, packagingMigrations]);
  }, 60_000);

  afterAll(async () => {
    await owner?.close();
    await scratch?.stop();
  });

  it('are of the revision that was current, and so is the promotion of a plan', async () => {
    const store = new PackagingStore(owner);
    const at = await store.horizon(noon);
    expect(at.revision).toBe(7);
    expect(await store.products(at)).toMatchObject({ id: ['p1'], weightG: Float64Array.of(250) });
    expect(await store.counts(at)).toMatchObject({ shipments: Float64Array.of(5), damages: Float64Array.of(1) });
    expect(await store.promotedPlan(['p1'], at)).toEqual(new Map([['p1', 'box']]));
    expect((await store.products({ ...at, revision: 6 })).rows).toBe(0);
    const before = { ...at, asOf: new Date('2026-01-01T08:00:00Z') };
    expect((await store.promotedPlan(['p1'], before)).size).toBe(0);
  });

  it('come out of the way back as they were, with the newest correction in the place of the others', async () => {
    await owner.pool
      .query(`insert into packaging.shipment_count (product_id, package, day, revision, shipments, damages)
      values ('p1', 'bag', '2026-01-01', 8, 6, 2)`);
    const runner = owner.source.createQueryRunner();
    await new Bitemporal().down(runner);
    await runner.release();
    const { rows } = await owner.pool.query('select * from packaging.shipment_count');
    expect(rows).toMatchObject([{ product_id: 'p1', shipments: 6, damages: 2 }]);
    expect(Object.keys(rows[0] as object)).not.toContain('revision');
    const plans = await owner.pool.query('select promoted_at from packaging.plan');
    expect(plans.rows).toEqual([{ promoted_at: new Date('2026-01-01T09:00:00Z') }]);
  });
});

const before = [
  `insert into platform.data_revision (domain, revision) values ('packaging', 7)`,
  `insert into packaging.product values ('p1', '2026-01-01', 'toys', 250, 1, 1, 1, 9, true, false, 'bag', 3)`,
  `insert into packaging.package_catalogue (valid_from, material_volume_share, material_volume_scale_cm3,
     freight_inr_per_half_kg, volumetric_cm3_per_kg, write_off_share, damage_fixed_inr)
   values ('2026-01-01', 0.3, 3000, 14, 5000, 0.75, 90)`,
  `insert into packaging.package_type select version, position, code, code, 2, 1, 0.1, 5, null
   from packaging.package_catalogue, (values (0, 'bag'), (1, 'box')) as types (position, code)`,
  `insert into packaging.shipment_count values ('p1', 'bag', '2026-01-01', 5, 1)`,
  `insert into packaging.plan (promoted_at, model, model_version, model_digest, as_of, shipping_inr, damage_inr,
     lower_bound_inr, gap, method) values ('2026-01-01 09:00+00', 'packaging/damage', 1, 'ab', now(), 1, 1, 1, 0, 'exact')`,
  `insert into packaging.plan_assignment select id, 'p1', 'box' from packaging.plan`,
];
