import { packagingError } from '@haat/packaging/contract';

import type { EntityQuestion } from '../../gateway/entity.queries.ts';

/** One served and recorded prediction. */
export interface ServedAnswer {
  readonly packages: readonly string[];
  readonly probability: readonly number[];
  readonly recommended: string | null;
  readonly predictionId: string | null;
  readonly model: string | null;
}

interface PackagingNode {
  readonly damageProbabilities: readonly { readonly packageType: string; readonly probability: number }[];
  readonly recommended: { readonly packageType: string } | null;
  readonly predictionId: string | null;
  readonly model: { readonly id: string } | null;
}

const packagingFields =
  'damageProbabilities { packageType probability } recommended { packageType } predictionId model { id }';

/** The product that a line names, by `id` or `product_id`. Throws INVALID_PRODUCT. */
export function parseProductId(raw: unknown, place: string): string {
  const { id, product_id: productId } = (raw ?? {}) as { id?: unknown; product_id?: unknown };
  const name = productId ?? id;
  if (typeof name === 'string' && name !== '') return name;
  throw packagingError('INVALID_PRODUCT', `${place}: field id: expected the id of a product as text`, { field: 'id' });
}

/** How the gateway is asked for predictions of products. */
export const damageQuestion: EntityQuestion<{ readonly packaging: PackagingNode | null }> = {
  selection: (id) => `product(id: ${id}) { packaging { ${packagingFields} } }`,
  answer: ({ packaging }) => packaging && servedAnswer(packaging),
  ownErrors: ['UNKNOWN_PRODUCT'],
  perRequest: 100,
};

function servedAnswer({ damageProbabilities, recommended, predictionId, model }: PackagingNode): ServedAnswer {
  return {
    packages: damageProbabilities.map(({ packageType }) => packageType),
    probability: damageProbabilities.map(({ probability }) => probability),
    recommended: recommended?.packageType ?? null,
    predictionId,
    model: model?.id ?? null,
  };
}
