import type { ValueDifference } from '@haat/kit';
import type { Metrics } from '@haat/workflows';
import { trainingError } from '../training.errors.ts';

/** Differences that a message names. */
const SHOWN = 3;

/** Passes an answer that came out the same. Errors: REPLAY_DIFFERS with the first values that did not. */
export function judgeReplay(run: string, differences: readonly ValueDifference[]): Metrics {
  if (differences.length === 0) return { differing: 0 };
  const shown = differences
    .slice(0, SHOWN)
    .map(
      ({ path, recorded, replayed }) => `${path} was ${JSON.stringify(recorded)} and is ${JSON.stringify(replayed)}`,
    );
  throw trainingError(
    'REPLAY_DIFFERS',
    `The answer of ${run} does not come out the same, ${differences.length} values differ: ${shown.join('; ')}`,
    { run, differing: differences.length },
  );
}
