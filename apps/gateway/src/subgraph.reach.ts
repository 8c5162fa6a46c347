import type { HealthCheck } from '@haat/platform';

/** How long one look at a subgraph counts, and how long it may take, ms: whoever asks for readiness, and how often, it is asked no more. */
const BELIEVED_MS = 1_000;

/**
 * Checks by the name of each subgraph: whether its process answers (`/health/live` at its address). Not whether it is ready: what
 * a subgraph cannot answer at the moment it says itself, with a code, and the rest of it goes on. `now` is a clock in ms.
 */
export function subgraphReach(
  addresses: Readonly<Record<string, string>>,
  now: () => number = () => performance.now(),
): Readonly<Record<string, HealthCheck>> {
  return Object.fromEntries(
    Object.entries(addresses).map(([name, address]) => [name, remembered(() => reach(address), now)]),
  );
}

async function reach(address: string): Promise<void> {
  const answer = await fetch(`${address}/health/live`, { signal: AbortSignal.timeout(BELIEVED_MS) });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`/health/live is answered with ${answer.status}`);
}

/** Looks once in `BELIEVED_MS`, and once for all who ask meanwhile. */
function remembered(look: HealthCheck, now: () => number): HealthCheck {
  let last: { readonly at: number; readonly found: Promise<void> } | undefined;
  return () => {
    const at = now();
    if (last === undefined || at - last.at >= BELIEVED_MS) last = { at, found: look() };
    return last.found;
  };
}
