import { ask, sharedStack } from '../stack/shared.stack.ts';

interface Node {
  readonly id: string;
  readonly packaging: {
    readonly damageProbabilities: readonly { readonly packageType: string; readonly probability: number }[];
    readonly recommended: {
      readonly packageType: string;
      readonly expectedDamageCost: number;
      readonly shippingCost: number;
      readonly basis: string;
    } | null;
    readonly explanation: {
      readonly intercept: number;
      readonly terms: readonly { readonly logit: number }[];
      readonly steps: readonly { readonly logit: number }[];
    };
    readonly predictionId: string;
    readonly model: { readonly id: string; readonly version: number; readonly digest: string };
    readonly asOf: string;
  };
}

const packaging = `packaging {
  damageProbabilities { packageType probability }
  recommended { packageType expectedDamageCost shippingCost basis }
  explanation { intercept terms { term value logit } steps { from to logit } nextBest { packageType switchingPrice } }
  predictionId model { id version digest } asOf
}`;

describe('products', () => {
  it('come in pages of Relay, each with an answer that never rises with protection', async () => {
    const page = async (after: string | null) => {
      const { data, errors } = await ask<{
        products: { edges: { cursor: string; node: Node }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      }>(
        `query($after: String) { products(first: 100, after: $after) { edges { cursor node { id ${packaging} } } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
      expect(errors).toBeUndefined();
      return data!.products;
    };
    const first = await page(null);
    const second = await page(first.pageInfo.endCursor);
    const nodes = [...first.edges, ...second.edges].map(({ node }) => node);
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(200);
    for (const { packaging: answer } of nodes) {
      const { damageProbabilities, explanation } = answer;
      expect(damageProbabilities).toHaveLength(8);
      let logit = explanation.intercept + explanation.terms.reduce((sum, term) => sum + term.logit, 0);
      damageProbabilities.forEach(({ probability }, j) => {
        if (j > 0) {
          expect(probability).toBeLessThanOrEqual(damageProbabilities[j - 1]!.probability);
          logit -= explanation.steps[j - 1]!.logit;
        }
        expect(probability).toBeCloseTo(1 / (1 + Math.exp(-logit)), 6);
      });
    }
  });

  it('are recorded as they were served', async () => {
    const { data } = await ask<{ product: Node }>(`{ product(id: "p000001") { id ${packaging} } }`);
    const { predictionId, model, damageProbabilities } = data!.product.packaging;
    const { data: kept } = await ask<{ prediction: object }>(
      'query($id: ID!) { prediction(id: $id) { digest input output } }',
      { id: predictionId },
    );
    expect(kept!.prediction).toMatchObject({
      digest: model.digest,
      input: { product_id: 'p000001' },
      output: { probability: damageProbabilities.map(({ probability }) => probability) },
    });
  });
});

describe('plans', () => {
  it('keep to the budget and state their gap', async () => {
    const { data } = await ask<{
      packagingPlan: {
        products: number;
        shippingCost: number;
        expectedDamageCost: number;
        today: { shippingCost: number };
        certificate: { objective: string; lowerBound: number; gap: number };
      };
    }>(
      '{ packagingPlan(budget: { share: 0.95 }) { products shippingCost expectedDamageCost today { shippingCost } certificate { objective lowerBound gap } } }',
    );
    const { products, shippingCost, expectedDamageCost, today, certificate } = data!.packagingPlan;
    expect(products).toBeGreaterThan(sharedStack().products * 0.9);
    expect(shippingCost).toBeLessThanOrEqual(today.shippingCost * 0.95 * (1 + 1e-12));
    expect(certificate.objective).toBe('damage');
    expect(certificate.lowerBound).toBeLessThanOrEqual(expectedDamageCost);
    expect(certificate.gap).toBeCloseTo((expectedDamageCost - certificate.lowerBound) / expectedDamageCost, 9);
  });

  it('lie on a frontier that falls as shipping rises', async () => {
    const { data } = await ask<{
      packagingFrontier: { points: { shippingCost: number; expectedDamageCost: number }[] };
    }>('{ packagingFrontier(points: 20) { points { shippingCost expectedDamageCost } } }');
    const { points } = data!.packagingFrontier;
    expect(points).toHaveLength(20);
    points.slice(1).forEach((point, i) => {
      expect(point.shippingCost).toBeGreaterThan(points[i]!.shippingCost);
      expect(point.expectedDamageCost).toBeLessThanOrEqual(points[i]!.expectedDamageCost);
    });
  });
});
