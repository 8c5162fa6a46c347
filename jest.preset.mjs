import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * One Jest configuration for every project: TypeScript sources through SWC, ES modules, and a machine-readable result beside
 * the project (`test-output/results.json`) from which the whole run is counted.
 */
export function jestConfig(displayName) {
  return {
    displayName,
    testEnvironment: here('./tools/jest/environment.mjs'),
    testEnvironmentOptions: { customExportConditions: ['@haat/source', 'node', 'node-addons'] },
    extensionsToTreatAsEsm: ['.ts'],
    testMatch: ['<rootDir>/**/*.spec.ts'],
    modulePathIgnorePatterns: ['<rootDir>/dist/'],
    transform: {
      '^.+\\.ts$': [
        '@swc/jest',
        {
          jsc: {
            target: 'es2023',
            parser: { syntax: 'typescript', decorators: true },
            transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          },
          module: { type: 'es6' },
        },
      ],
    },
    reporters: ['default', here('./tools/jest/count-reporter.mjs')],
    testTimeout: 30_000,
    passWithNoTests: true,
  };
}
