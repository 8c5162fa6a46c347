import type { ContentStore } from '@haat/data-access';
import { ArchivedModels } from '@haat/model-runtime';
import { damageModel, encodeProducts, type DamageContext } from '@haat/packaging/model';

/** Versions of the damage model by reference, whichever serves now. */
export type DamageArchive = ArchivedModels<DamageContext>;

export function damageArchive(artifacts: Pick<ContentStore, 'get'>): DamageArchive {
  return new ArchivedModels({
    model: damageModel.name,
    fetch: (digest) => artifacts.get(digest),
    encode: encodeProducts,
  });
}
