import { openModel } from '@haat/model-runtime';
import type { PackageCatalogue, ProductFacts } from '../contract/index.ts';
import { damageColumns } from '../features/index.ts';
import { encodeProducts, type DamageContext } from '../model/index.ts';

/**
 * Probabilities [n, K of `catalogue`], row-major, as the runtime serves them. A package that the artifact does not know, as an
 * older champion may not, gets its entry of `means`. Errors: those of `openModel`.
 */
export async function servedProbabilities(
  artifact: Uint8Array,
  facts: ProductFacts,
  catalogue: PackageCatalogue,
  means: Float64Array,
): Promise<Float64Array> {
  const model = await openModel<DamageContext>(artifact, { encode: encodeProducts });
  try {
    const { probability } = await model.run(damageColumns(facts));
    const known = model.metadata.context.catalogue.types.map(({ code }) => code);
    const packages = catalogue.types.length;
    const position = catalogue.types.map(({ code }) => known.indexOf(code));
    return Float64Array.from({ length: facts.rows * packages }, (_, at) => {
      const j = at % packages;
      const served = position[j]!;
      return served < 0 ? means[j]! : probability![((at - j) / packages) * known.length + served]!;
    });
  } finally {
    await model.close();
  }
}
