import { Context } from '@temporalio/activity';
import { heartbeatEveryMs } from '../activity.options.ts';

/**
 * Runs a step of an activity while beating for it. A cancel aborts `signal`, and at the latest counts when the work is done. Each
 * beat carries what `told` answers: what the next attempt finds in its `heartbeatDetails`.
 */
export async function beating<T>(work: (signal: AbortSignal) => Promise<T>, told?: () => unknown): Promise<T> {
  return beatingToTheEnd(async (signal) => {
    const done = await work(signal);
    signal.throwIfAborted();
    return done;
  }, told);
}

/** As `beating`, for work that once begun is done or not: what it answers counts, whoever cancelled meanwhile. */
export async function beatingToTheEnd<T>(
  work: (signal: AbortSignal) => Promise<T>,
  told: () => unknown = () => undefined,
): Promise<T> {
  const { cancellationSignal, heartbeat } = Context.current();
  heartbeat(told());
  const beat = setInterval(() => heartbeat(told()), heartbeatEveryMs);
  try {
    return await work(cancellationSignal);
  } finally {
    clearInterval(beat);
  }
}
