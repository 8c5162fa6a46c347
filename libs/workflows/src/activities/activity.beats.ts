import { Context } from '@temporalio/activity';
import { heartbeatEveryMs } from '../activity.options.ts';

/**
 * Runs a step of an activity while beating for it. A cancel aborts `signal`, and at the latest counts when the work is done.
 */
export async function beating<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return beatingToTheEnd(async (signal) => {
    const done = await work(signal);
    signal.throwIfAborted();
    return done;
  });
}

/** As `beating`, for work that once begun is done or not: what it answers counts, whoever cancelled meanwhile. */
export async function beatingToTheEnd<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { cancellationSignal, heartbeat } = Context.current();
  heartbeat();
  const beat = setInterval(heartbeat, heartbeatEveryMs);
  try {
    return await work(cancellationSignal);
  } finally {
    clearInterval(beat);
  }
}
