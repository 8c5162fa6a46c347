import { setImmediate as turn } from 'node:timers/promises';
import { packagingError } from '@haat/packaging/contract';
import pLimit from 'p-limit';

/** Plans that may wait at once. */
const MOST_WAITING = 64;

/**
 * A plan reads and scores every product. They are made one at a time, in their order, so that a question about one product waits
 * for a part of one plan and never for all that are wished for.
 */
export class PlanQueue {
  readonly #oneAtATime = pLimit(1);

  /** @throws PLANNER_BUSY when too many wait; whatever `plan` throws */
  async run<T>(plan: () => Promise<T>): Promise<T> {
    const waiting = this.#oneAtATime.pendingCount;
    if (waiting >= MOST_WAITING) {
      throw packagingError('PLANNER_BUSY', `${waiting} plans wait to be made; ask again later`, { waiting });
    }
    return this.#oneAtATime(async () => {
      // Whoever has come meanwhile goes first.
      await turn();
      return plan();
    });
  }
}
