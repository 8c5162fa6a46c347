import { Context } from '@temporalio/activity';
import { heartbeatEveryMs } from '@haat/workflows';

/** Runs a step of an activity while beating for it. A cancel aborts `signal`, and at the latest counts when the work is done. */
export async function beating<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { cancellationSignal: signal, heartbeat } = Context.current();
  heartbeat();
  const beat = setInterval(heartbeat, heartbeatEveryMs);
  try {
    const done = await work(signal);
    signal.throwIfAborted();
    return done;
  } finally {
    clearInterval(beat);
  }
}
