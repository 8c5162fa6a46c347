import type { DomainDemo } from '../domain.tools.ts';
import { loadPackagingWorld } from './packaging.world.ts';

/** Three questions that show what the domain is for: one product, the whole plan, and the price of safety. */
const questions: DomainDemo['questions'] = [
  {
    title: 'How should a fragile product be packed, and why?',
    query: `{
  products(first: 1, filter: { fragile: true }) {
    edges {
      node {
        id
        category
        packaging {
          damageProbabilities { packageType probability }
          recommended { packageType expectedDamageCost shippingCost basis }
          explanation { nextBest { packageType switchingPrice } }
          predictionId
          model { version digest }
          asOf
        }
      }
    }
  }
}`,
  },
  {
    title: 'What is the safest way to spend 95 % of what shipping costs today?',
    query: `{
  packagingPlan(budget: { share: 0.95 }) {
    products
    today { shippingCost expectedDamageCost }
    shippingCost
    expectedDamageCost
    method
    certificate { objective lowerBound gap }
    changeCount
    changes(first: 3) { productId from to saving }
  }
}`,
  },
  {
    title: 'What does each rupee of shipping buy?',
    query: `{
  packagingFrontier(points: 5) {
    points { shippingCost expectedDamageCost lambda }
  }
}`,
  },
];

export const packagingDemo: DomainDemo = {
  load: loadPackagingWorld,
  model: 'packaging/damage',
  questions,
};
