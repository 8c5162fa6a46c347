import { contentStore, ModelRegistry, type Database } from '@haat/data-access';
import { modelCard, type ModelRef } from '@haat/kit';
import { damageModel, damageOptionsSchema, type DamageOptions } from '@haat/packaging/model';
import { packagingStore } from '@haat/packaging/store';
import { damageTrainer } from '@haat/packaging/training';

/** Fits a version of the damage model on what the database holds, stores its artifact and registers it. */
export async function registerVersion(
  task: Database,
  artifactsUrl: string,
  version: number,
  changed: Partial<DamageOptions>,
): Promise<ModelRef> {
  const store = packagingStore(task);
  const asOf = new Date();
  const at = await store.horizon(asOf);
  const [catalogue, facts, counts] = await Promise.all([store.catalogue(at), store.products(at), store.counts(at)]);
  const dataset = { digest: 'e'.repeat(64), rows: facts.rows, asOf: asOf.toISOString() };
  const bytes = await damageTrainer.fit({ catalogue, facts, counts }, damageOptionsSchema.parse(changed), {
    seed: 1,
    dataset,
    report: () => undefined,
    signal: new AbortController().signal,
  });
  const { digest } = await contentStore(artifactsUrl).put(bytes);
  const registry = new ModelRegistry(task);
  await registry.saveCard(modelCard(damageModel));
  await registry.register({
    model: damageModel.name,
    runId: `train/test/${version}`,
    digest,
    bytes: bytes.length,
    card: modelCard(damageModel),
    metrics: {},
    gates: [{ gate: 'none', passed: true, evidence: '' }],
    evaluation: {},
    dataset: { ...dataset, ...at },
  });
  return { model: damageModel.name, version, digest };
}
