import { DomainError } from '@haat/kit';
import { packagingError } from '@haat/packaging/contract';

import { thrownBy, type GatewayClient } from '../../gateway/gateway.client.ts';

/** Products of one request: few enough for an answer within moments. */
const PRODUCTS_A_REQUEST = 100;

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

/**
 * Predictions for products of the platform, in order; UNKNOWN_PRODUCT and the like in the place of one.
 * @throws what stands in the way of all of them, such as MODEL_NOT_READY
 */
export async function askPredictions(
  gateway: GatewayClient,
  ids: readonly string[],
): Promise<readonly (ServedAnswer | DomainError)[]> {
  const answers: (ServedAnswer | DomainError)[] = [];
  for (let from = 0; from < ids.length; from += PRODUCTS_A_REQUEST) {
    answers.push(...(await askSome(gateway, ids.slice(from, from + PRODUCTS_A_REQUEST))));
  }
  return answers;
}

async function askSome(
  gateway: GatewayClient,
  ids: readonly string[],
): Promise<readonly (ServedAnswer | DomainError)[]> {
  const parameters = ids.map((_, i) => `$i${i}: ID!`).join(', ');
  const products = ids.map((_, i) => `p${i}: product(id: $i${i}) { packaging { ${packagingFields} } }`).join('\n');
  const { data, errors = [] } = await gateway.answer<Record<string, { packaging: PackagingNode | null } | null>>(
    `query CliPredict(${parameters}) {\n${products}\n}`,
    Object.fromEntries(ids.map((id, i) => [`i${i}`, id])),
  );
  return ids.map((_, i) => {
    const packaging = data?.[`p${i}`]?.packaging;
    if (packaging) return servedAnswer(packaging);
    const error = errors.find(({ path }) => path?.[0] === `p${i}`) ?? errors[0];
    const thrown = error && thrownBy(error);
    if (thrown?.code === 'UNKNOWN_PRODUCT') return thrown;
    throw thrown ?? gateway.stranger('it leaves out products without a word');
  });
}

function servedAnswer({ damageProbabilities, recommended, predictionId, model }: PackagingNode): ServedAnswer {
  return {
    packages: damageProbabilities.map(({ packageType }) => packageType),
    probability: damageProbabilities.map(({ probability }) => probability),
    recommended: recommended?.packageType ?? null,
    predictionId,
    model: model?.id ?? null,
  };
}
