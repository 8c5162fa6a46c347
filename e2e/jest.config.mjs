import { jestConfig } from '../jest.preset.mjs';

/** One stack serves all scenarios, one after the other. */
export default {
  ...jestConfig('e2e'),
  globalSetup: '<rootDir>/stack/stack.setup.mjs',
  globalTeardown: '<rootDir>/stack/stack.teardown.mjs',
  maxWorkers: 1,
  testTimeout: 120_000,
};
