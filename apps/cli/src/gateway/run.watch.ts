import { setTimeout as sleep } from 'node:timers/promises';

import { isDomainError } from '@haat/kit';

import type { GatewayClient } from './gateway.client.ts';
import { hasEnded, runFields, runOf, type Run } from './run.queries.ts';

/** Milliseconds between two looks at a run that nothing is told of. */
const POLL_MS = 250;
/** Milliseconds between two looks at a run whose changes are told: should one be lost. */
const SLOW_POLL_MS = 5_000;
/** How long the gateway may be silent while a run is watched: long enough for a service to be started again. */
const SILENCE_MS = 30_000;

const subscription = `subscription CliWatch($id: ID!) { runProgress(id: $id) { ${runFields} } }`;

/**
 * Tells each new look at a run until it has ended. The gateway tells of changes; where it does not (it is away for a moment,
 * follows as many as it can, or something between us holds events back) the run is looked at.
 * @throws UNKNOWN_RUN; GATEWAY_UNREACHABLE when it stays away; the signal's reason when aborted
 */
export async function watchRun(
  gateway: GatewayClient,
  id: string,
  onLook: (run: Run) => void,
  signal?: AbortSignal,
): Promise<Run> {
  const done = new AbortController();
  const stop = () => done.abort(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  const told = changesOf(gateway, id, done.signal);
  let lastAnswer = Date.now();
  try {
    for (;;) {
      signal?.throwIfAborted();
      const run = told.take() ?? (await runOf(gateway, id).catch(passing(() => Date.now() - lastAnswer)));
      if (run) {
        lastAnswer = Date.now();
        onLook(run);
        if (hasEnded(run)) return run;
      }
      await told.next(told.live() ? SLOW_POLL_MS : POLL_MS);
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    done.abort();
  }
}

/** Lets a failure pass that time may mend, while the silence is not too long. */
function passing(silence: () => number): (failure: unknown) => null {
  return (failure) => {
    const mends = isDomainError(failure) && (failure.blame === 'retry' || failure.code === 'SERVICE_UNAVAILABLE');
    if (mends && silence() <= SILENCE_MS) return null;
    throw failure;
  };
}

/** What the gateway tells of a run: the newest word that was not taken yet. */
function changesOf(gateway: GatewayClient, id: string, until: AbortSignal) {
  let newest: Run | null = null;
  let live = false;
  let wake = new AbortController();
  const listen = async () => {
    for await (const { runProgress } of gateway.follow<{ runProgress: Run }>(subscription, { id }, until)) {
      live = true;
      newest = runProgress;
      wake.abort();
    }
  };
  void listen()
    .catch(() => undefined)
    .finally(() => {
      live = false;
      wake.abort();
    });
  return {
    live: () => live,
    take() {
      const run = newest;
      newest = null;
      return run;
    },
    /** Resolves with the next word, after `milliseconds` at the latest. */
    async next(milliseconds: number) {
      if (newest) return;
      wake = new AbortController();
      await sleep(milliseconds, undefined, { signal: AbortSignal.any([wake.signal, until]) }).catch(() => undefined);
    },
  };
}
