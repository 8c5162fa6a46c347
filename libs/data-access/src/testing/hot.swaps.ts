import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

/** What is swapped, and who asks meanwhile. */
export interface HotSwaps {
  readonly swaps: number;
  readonly seed: number;
  /** Requests at once. */
  readonly callers: number;
  /** Digests to swap between, two at least; the first one answers already. */
  readonly digests: readonly string[];
  promote(digest: string): Promise<void>;
  /** One request; the digest of the version that answered it. */
  ask(): Promise<string>;
  /** Something to go wrong before a swap, such as a lost connection. */
  readonly disturb?: (swap: number) => Promise<void>;
}

export interface HotSwapOutcome {
  readonly swaps: number;
  readonly requests: number;
  readonly failed: number;
  /** Answers of a version that was live at no moment of its request. */
  readonly notLive: number;
}

interface Answer {
  readonly digest: string;
  readonly from: number;
  readonly until: number;
}

/**
 * Swaps the version that one process serves, again and again, in an order and at moments that `seed` decides, while callers ask
 * without a pause. A version may be live from the beginning of its promotion to the first answer of the next one: who asks after
 * that answer must not meet it any more.
 */
export async function hotSwaps({
  swaps,
  seed,
  callers,
  digests,
  promote,
  ask,
  disturb,
}: HotSwaps): Promise<HotSwapOutcome> {
  const answers: Answer[] = [];
  let failed = 0;
  let done = false;
  const caller = async () => {
    while (!done) {
      const from = performance.now();
      try {
        const digest = await ask();
        answers.push({ digest, from, until: performance.now() });
      } catch {
        failed += 1;
      }
    }
  };
  const load = Promise.all(Array.from({ length: callers }, caller));
  const live: { digest: string; from: number; until: number }[] = [{ digest: digests[0]!, from: 0, until: Infinity }];
  try {
    for (let swap = 0; swap < swaps; swap++) {
      const others = digests.filter((digest) => digest !== live.at(-1)!.digest);
      const next = others[Math.floor(uniform(seed, swap, 'which') * others.length)]!;
      await pause(uniform(seed, swap, 'when') * 30);
      await disturb?.(swap);
      const from = performance.now();
      const seen = answers.length;
      await promote(next);
      live.at(-1)!.until = await firstAnswer(answers, seen, next, from);
      live.push({ digest: next, from, until: Infinity });
    }
  } finally {
    done = true;
    await load;
  }
  const notLive = answers.filter(
    (answer) =>
      !live.some(({ digest, from, until }) => digest === answer.digest && from <= answer.until && until >= answer.from),
  );
  return { swaps, requests: answers.length + failed, failed, notLive: notLive.length };
}

/** When the first answer of `digest` to a request that came after `from` was there. */
async function firstAnswer(answers: readonly Answer[], seen: number, digest: string, from: number): Promise<number> {
  for (;;) {
    const first = answers.slice(seen).find((answer) => answer.digest === digest && answer.from >= from);
    if (first !== undefined) return first.until;
    await pause(1);
  }
}

/** In [0, 1), by what it is for. */
function uniform(seed: number, swap: number, what: string): number {
  return createHash('sha256').update(`${seed} ${swap} ${what}`).digest().readUInt32BE(0) / 2 ** 32;
}
