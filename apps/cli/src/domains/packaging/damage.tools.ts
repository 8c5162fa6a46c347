import type { OpenModel } from '@haat/model-runtime';
import { parseProductTraits, type PackageCatalogue, type ProductTraits } from '@haat/packaging/contract';
import { traitFacts, type DamageContext } from '@haat/packaging/model';
import { openDamage, scoreDamage, unanswerableProduct, type ServedModel } from '@haat/packaging/serving';
import type { FileSource } from '@haat/packaging/store';
import { damageTrainer } from '@haat/packaging/training';

import { cliError } from '../../cli.errors.ts';
import { askEntities } from '../../gateway/entity.queries.ts';
import type { ModelTools } from '../domain.tools.ts';
import { damageQuestion, parseProductId } from './damage.queries.ts';
import { damageShapes } from './damage.shapes.ts';
import { filesOf } from './packaging.files.ts';

export const damageTools: ModelTools<OpenModel<DamageContext>, FileSource> = {
  trainer: damageTrainer,
  open: openDamage,
  shapes: damageShapes,
  source: filesOf,
  requireFit: requireCatalogue,
  answering: (served) => ({ named: 'product_id', parse: parseProductTraits, predict: damagePredictor(served) }),
  asking: (gateway) => ({
    named: 'product_id',
    parse: parseProductId,
    predict: (ids: readonly string[]) => askEntities(gateway, damageQuestion, ids),
  }),
};

/** Rows to `{ packages [K], probability [K] }`, in catalogue order. */
function damagePredictor(served: ServedModel) {
  const packages = served.open.metadata.context.catalogue.types.map(({ code }) => code);
  return async (rows: readonly ProductTraits[]) => {
    const probability = await scoreDamage(served, traitFacts(rows));
    return rows.map((_, i) => {
      const answer = [...probability.subarray(i * packages.length, (i + 1) * packages.length)];
      return answer.some(Number.isNaN) ? unanswerableProduct(null) : { packages, probability: answer };
    });
  };
}

/**
 * Refuses files whose package types are not those of the model, in its order: its probabilities would be of others.
 * @throws CATALOGUE_MISMATCH
 */
export async function requireCatalogue(
  { file, open }: { readonly file: string; readonly open: OpenModel<DamageContext> },
  { data, source }: { readonly data: string; readonly source: FileSource },
  asOf: Date,
): Promise<void> {
  const codesOf = ({ types }: PackageCatalogue) => types.map(({ code }) => code).join(', ');
  const model = codesOf(open.metadata.context.catalogue);
  const files = codesOf(await source.catalogue(await source.horizon(asOf)));
  if (model === files) return;
  throw cliError(
    'CATALOGUE_MISMATCH',
    `The package types of ${data} must be those of ${file}, in their order: expected ${model}; got ${files}. Train a model on these files, or use the package types that this one learned`,
    { artifact: file, data },
  );
}
