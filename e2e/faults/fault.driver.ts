import { setTimeout as sleep } from 'node:timers/promises';

import { askAt } from '../stack/app.process.ts';
import type { ReplicatedPlatform } from '../stack/replicated.platform.ts';

/** The rounds in which a fault is brought about, and from which seed its moments and places come. */
export interface FaultOptions {
  each(): Iterable<number>;
  readonly seed: number;
  /** Numbers in [0, 1) from that seed. */
  readonly chance: () => number;
  /** Milliseconds of a clock that is not set back. */
  readonly now: () => number;
}

/** How long to wait for the first right answer, seconds. */
const GIVE_UP_AFTER = 120;

/** What came of one fault. */
export interface FaultOutcome {
  readonly fault: string;
  readonly round: number;
  /** Codes of the errors that clients got meanwhile; every one of them typed. */
  readonly codes: readonly string[];
  /** Rows, runs or versions that should be there afterwards and are not. */
  readonly lost: number;
  /** Rows that are there in another form than they should be. */
  readonly half?: number;
  /** From the end of the fault to the first right answer. */
  readonly secondsBack: number;
}

/** Brings a fault about and looks at what comes of it. */
export type FaultDriver = (platform: ReplicatedPlatform, options: FaultOptions) => Promise<readonly FaultOutcome[]>;

interface Answer {
  readonly product: {
    readonly packaging: {
      readonly predictionId: string;
      readonly model: { readonly id: string; readonly digest: string };
    };
  };
}

const question = '{ product(id: "p000003") { packaging { predictionId model { id digest } } } }';

export const ask = (platform: ReplicatedPlatform) => askAt<Answer>(platform.endpoint, question);

/** The code of a failed request; its text where it has none, which a test then sees. */
export async function codeOf(request: Promise<unknown>): Promise<string | null> {
  try {
    await request;
    return null;
  } catch (failure) {
    const { message } = failure as Error;
    return /"code":"([A-Z_]+)"/.exec(message)?.[1] ?? message;
  }
}

/** Seconds until a request is answered again. */
export async function secondsUntilBack(platform: ReplicatedPlatform, now: () => number): Promise<number> {
  const from = now();
  const seconds = () => (now() - from) / 1_000;
  for (let code = await codeOf(ask(platform)); code !== null; code = await codeOf(ask(platform))) {
    if (seconds() > GIVE_UP_AFTER) throw new Error(`not back within ${GIVE_UP_AFTER} s: ${code}`);
    await sleep(50);
  }
  return seconds();
}

/** The codes of requests that are sent one after the other while `work` goes on. */
export async function codesWhile(platform: ReplicatedPlatform, work: () => Promise<void>): Promise<readonly string[]> {
  let going = true;
  const codes = new Set<string>();
  const asking = (async () => {
    while (going) {
      const code = await codeOf(ask(platform));
      if (code !== null) codes.add(code);
      await sleep(10);
    }
  })();
  await work().finally(() => (going = false));
  await asking;
  return [...codes].sort();
}
