import { join } from 'node:path';
import { changeData, contentStore, type Database } from '@haat/data-access';
import { modelCard, type ModelRef } from '@haat/kit';
import { damageModel, damageOptionsSchema } from '@haat/packaging/model';
import { importPackaging, packagingStore } from '@haat/packaging/store';
import { damageTrainer } from '@haat/packaging/training';
import { simulatePackaging, writeWorld } from '@haat/simulators';
import type { ScratchPlatform } from './scratch.platform.ts';

/** The moment from which the simulated products are known. */
export const worldKnownFrom = new Date('2026-01-01T00:00:00Z');

/** Products of a simulated world with a trained, promoted model: what backfills of recommendations need. */
export interface RecommendationWorld {
  readonly products: number;
  readonly champion: ModelRef;
  /** Fits, registers and promotes another version. */
  promoteAnother(ridge: number): Promise<ModelRef>;
  /** Tells of these products that they weigh twice as much from a moment on. */
  weighAgain(ids: readonly string[], validFrom: string): Promise<void>;
  /** Puts a catalogue of twice the freight in force from a moment on. */
  raiseFreight(validFrom: string): Promise<void>;
}

export async function fillRecommendationWorld(
  platform: Pick<ScratchPlatform, 'folder' | 'database' | 'registry' | 'lifecycle' | 'env'>,
  { seed, products }: { readonly seed: number; readonly products: number },
): Promise<RecommendationWorld> {
  const { folder, database, registry, lifecycle, env } = platform;
  const files = join(folder, `world-${seed}`);
  await writeWorld(simulatePackaging({ seed, products }), files, 'csv');
  await importPackaging(database, files, { validFrom: worldKnownFrom });
  const store = packagingStore(database);
  const known = await store.horizon(worldKnownFrom);
  const [catalogue, facts, counts] = await Promise.all([
    store.catalogue(known),
    store.products(known),
    store.counts(known),
  ]);
  const card = modelCard(damageModel);
  await registry.saveCard(card);

  const promoteAnother = async (ridge: number): Promise<ModelRef> => {
    const dataset = { digest: 'e'.repeat(64), rows: counts.rows, ...known };
    const bytes = await damageTrainer.fit({ catalogue, facts, counts }, damageOptionsSchema.parse({ ridge }), {
      seed,
      dataset: { ...dataset, asOf: known.asOf.toISOString() },
      report: () => undefined,
      signal: new AbortController().signal,
    });
    const { digest } = await contentStore(env['ARTIFACTS_URL']!).put(bytes);
    const { version } = await registry.register({
      model: damageModel.name,
      runId: `train/test/${ridge}`,
      digest,
      bytes: bytes.length,
      card,
      metrics: {},
      gates: [{ gate: 'none', passed: true, evidence: '' }],
      evaluation: {},
      dataset,
    });
    await lifecycle.promote(damageModel.name, version, { actor: { subject: 'user:test', origin: 'test' } });
    return { model: damageModel.name, version, digest };
  };
  const change = (statement: string, ...values: readonly unknown[]) =>
    changeData(database, 'packaging', async (client, revision) => {
      await client.query(statement, [revision, ...values]);
    });
  return {
    products: facts.rows,
    champion: await promoteAnother(10),
    promoteAnother,
    weighAgain: (ids, validFrom) => change(doubledWeights, validFrom, ids),
    raiseFreight: (validFrom) => change(doubledFreight, validFrom),
  };
}

const product = 'length_cm, width_cm, height_cm, price_inr, fragile, liquid, current_package, demand';
const doubledWeights = `insert into packaging.product (revision, valid_from, product_id, category, weight_g, ${product})
  select $1, $2, product_id, category, weight_g * 2, ${product} from packaging.product where product_id = any($3)
    and revision = (select min(revision) from packaging.product)`;

const prices =
  'material_volume_share, material_volume_scale_cm3, volumetric_cm3_per_kg, write_off_share, damage_fixed_inr';
const packageType = 'position, code, name, material_inr, added_cm, tare_kg, max_kg, max_thickness_cm';
const doubledFreight = `with made as (
    insert into packaging.package_catalogue (revision, valid_from, freight_inr_per_half_kg, ${prices})
    select $1, $2, freight_inr_per_half_kg * 2, ${prices} from packaging.package_catalogue returning version)
  insert into packaging.package_type (catalogue_version, ${packageType})
  select version, ${packageType} from packaging.package_type cross join made`;

/** A digest over every byte of every row of a table, in the order of its key. */
export async function tableDigest({ pool }: Pick<Database, 'pool'>, table: string, key: string): Promise<string> {
  const { rows } = await pool.query<{ digest: string }>(
    `select md5(coalesce(string_agg(t::text, E'\\n' order by ${key} collate "C"), '')) as digest from ${table} t`,
  );
  return rows[0]!.digest;
}

export const recommendationsDigest = (database: Pick<Database, 'pool'>) =>
  tableDigest(database, 'packaging.recommendation', 'product_id');
