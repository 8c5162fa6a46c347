import { completed } from './run.queries.ts';

type Run = Parameters<typeof completed>[0];

describe('completed', () => {
  it.each(['Import package-types first.', 'Import package-types first'])(
    'ends what went wrong with one full stop: %s',
    (message) => {
      const run = { id: 'r1', state: 'failed', error: { code: 'INVALID_CATALOGUE', message } } as Run;
      expect(() => completed(run)).toThrow(
        'Run r1 failed: INVALID_CATALOGUE: Import package-types first. See it with: npx haat runs show r1',
      );
    },
  );
});
