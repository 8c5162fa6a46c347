/** Queries that GraphiQL opens with, one a tab: each shows one thing that Haat answers. */
export const exampleQueries = [
  `# Which package should each product travel in, and why?
query Recommendations {
  products(first: 5) {
    edges {
      node {
        id
        category
        weightG
        packaging {
          damageProbabilities { packageType probability }
          recommended { packageType expectedDamageCost shippingCost basis }
          explanation {
            terms { term value logit }
            steps { from to logit }
            nextBest { packageType switchingPrice }
          }
          predictionId
          model { id digest }
          asOf
        }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`,
  `# How little damage do 95 % of today's shipping cost buy?
query Plan {
  packagingPlan(budget: { share: 0.95 }) {
    method
    shippingCost
    expectedDamageCost
    today { shippingCost expectedDamageCost }
    certificate { objective lowerBound gap }
    changes(first: 10) { productId from to shippingChange damageChange saving }
  }
}
`,
  `# The whole trade-off between shipping and damage
query Frontier {
  packagingFrontier(points: 11) {
    today { shippingCost expectedDamageCost }
    points { shippingCost expectedDamageCost lambda }
  }
}
`,
  `# What was trained, how good it is, and what it came from
query Models {
  models {
    name
    title
    champion { id digest }
    versions(first: 5) {
      edges { node { id createdAt aliases metrics { name value } lineage { datasetDigest datasetRows asOf } } }
    }
  }
}
`,
  `# Train again; ask run(id) for its progress
mutation Train {
  trainModel(input: { model: "packaging/damage", idempotencyKey: "from-graphiql-1" }) {
    id
    state
    progress { step fraction message }
  }
}
`,
] as const;
