import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/dist', '**/test-output', '**/node_modules', '.nx', '.haat'] },
  ...tseslint.configs.recommended,
  prettier,
  { plugins: { '@nx': nx } },
);
