import type { Differences } from '@haat/kit';
import type { Metrics } from '@haat/workflows';
import { trainingError } from '../training.errors.ts';

/** Passes an answer that came out the same. Errors: REPLAY_DIFFERS with the first values that did not. */
export function judgeReplay(run: string, { count, first }: Differences): Metrics {
  if (count === 0) return { differing: 0 };
  const shown = first.map(
    ({ path, recorded, replayed }) => `${path} was ${JSON.stringify(recorded)} and is ${JSON.stringify(replayed)}`,
  );
  throw trainingError(
    'REPLAY_DIFFERS',
    `The answer of ${run} does not come out the same, ${count} values differ: ${shown.join('; ')}`,
    { run, differing: count },
  );
}
