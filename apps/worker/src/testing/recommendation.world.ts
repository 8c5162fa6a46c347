import { join } from 'node:path';
import { contentStore, type Database } from '@haat/data-access';
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
  return { products: facts.rows, champion: await promoteAnother(10), promoteAnother };
}

/** A digest over every byte of every row of a table, in the order of its key. */
export async function tableDigest({ pool }: Pick<Database, 'pool'>, table: string, key: string): Promise<string> {
  const { rows } = await pool.query<{ digest: string }>(
    `select md5(coalesce(string_agg(t::text, E'\\n' order by ${key} collate "C"), '')) as digest from ${table} t`,
  );
  return rows[0]!.digest;
}

export const recommendationsDigest = (database: Pick<Database, 'pool'>) =>
  tableDigest(database, 'packaging.recommendation', 'product_id');
