import type { GatewayClient } from '../gateway/gateway.client.ts';

/** One question that the demo asks, and what the gateway answered. */
export interface DemoAnswer {
  readonly title: string;
  readonly query: string;
  readonly answer: unknown;
}

/** Three questions that show what the platform is for: one product, the whole plan, and the price of safety. */
export const demoQuestions: readonly { readonly title: string; readonly query: string }[] = [
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

/** Asks all of them. @throws what the gateway answers instead of an answer */
export async function askDemoQuestions(gateway: GatewayClient): Promise<readonly DemoAnswer[]> {
  const answers: DemoAnswer[] = [];
  for (const question of demoQuestions) answers.push({ ...question, answer: await gateway.ask(question.query) });
  return answers;
}

export function demoText(answers: readonly DemoAnswer[]): string {
  return answers
    .map(({ title, query, answer }, i) => `\n${i + 1}. ${title}\n\n${query}\n\n${JSON.stringify(answer, null, 2)}`)
    .join('\n');
}
