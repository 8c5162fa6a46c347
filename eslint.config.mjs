import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import { domainsOf, packageConstraints, pureFolders, roomConfigurations } from './tools/eslint/boundaries.mjs';
import { house } from './tools/eslint/house.plugin.mjs';
import { chanceAndTime, impureGlobals, syntax, testSyntax } from './tools/eslint/syntax.mjs';

const root = import.meta.dirname;
const domains = domainsOf(root);
const pure = pureFolders(domains);
const tests = ['**/*.spec.ts', 'e2e/**/*.ts'];

export default tseslint.config(
  { ignores: ['**/dist', '**/test-output', '**/node_modules', '.nx', '.haat', '**/*.d.ts'] },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.recommended,
  prettier,
  {
    plugins: { '@nx': nx, house },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          depConstraints: packageConstraints(domains),
          banTransitiveDependencies: true,
          allow: ['^(\\.\\./)+jest\\.preset\\.mjs$'],
          // Loading a package late is no wall.
          checkDynamicDependenciesExceptions: ['.*'],
        },
      ],
      'house/graph': 'error',
      'house/file-name': 'error',
      'max-lines': ['error', { max: 400 }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'anywhere' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': ['error', ...syntax],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all' },
      ],
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': 'allow-with-description', minimumDescriptionLength: 5 },
      ],
    },
  },
  {
    files: pure,
    ignores: tests,
    rules: {
      'no-restricted-syntax': ['error', ...syntax, ...chanceAndTime],
      'no-restricted-globals': ['error', ...impureGlobals],
    },
  },
  { files: ['libs/*/src/**/*.ts'], rules: { 'no-console': 'error' } },
  { files: tests, rules: { 'no-restricted-syntax': ['error', ...syntax, ...testSyntax] } },
  {
    files: ['libs/**/*.ts', 'apps/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/testing/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^@haat/.*/testing$', message: 'A room for tests is for tests.' }] },
      ],
    },
  },
  ...roomConfigurations(root, domains),
);
