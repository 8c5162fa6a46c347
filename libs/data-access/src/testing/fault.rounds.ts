import { appendFileSync } from 'node:fs';

/** How often a test brings its fault about: in each run of the tests, and in the long form. */
export interface FaultForms {
  readonly short: number;
  readonly long: number;
  /** How long one round may take at the most. */
  readonly secondsEach: number;
  /** Of the short form; the long one has its own. */
  readonly seed?: number;
}

/** What came of all rounds of one fault. */
export interface FaultTally {
  /** What was done and what was seen, in words. */
  readonly happened: string;
  /** What should be there afterwards and is not: rows, runs, versions, answers. */
  readonly lost: number;
  /** What is there more than once. */
  readonly double?: number;
  /** What is there in part. */
  readonly half?: number;
  /** Requests that got another answer than they may. */
  readonly failed?: number;
  /** Codes of the errors that clients got meanwhile. */
  readonly codes?: readonly string[];
  /** The longest time from the end of a fault to the first right answer, seconds. */
  readonly secondsBack?: number;
}

export interface FaultRounds {
  readonly rounds: number;
  readonly seed: number;
  /** The rounds from 0 on, for a loop to go through; tells as each begins. */
  each(): Iterable<number>;
  /** Numbers in [0, 1) from the seed: where and when each round strikes. */
  readonly chance: () => number;
  /** How long all rounds may take at the most. */
  readonly timeoutMs: number;
  /** Tells what came of a fault; nobody listens in the short form. Call it before judging, so that a failure is told too. */
  report(fault: string, tally: FaultTally): void;
}

/**
 * The rounds of a fault. `npm run chaos` sets the environment that makes them the long form: HAAT_FAULT_ROWS, the file for what is
 * told, a line of JSON each (a round that begins, a fault's tally); HAAT_FAULT_SEED; HAAT_FAULT_ROUNDS in place of each fault's own count.
 */
export function faultRounds(
  { short, long, secondsEach, seed: shortSeed = 1 }: FaultForms,
  env: Readonly<Record<string, string | undefined>> = process.env,
): FaultRounds {
  const rows = env['HAAT_FAULT_ROWS'];
  const rounds = rows === undefined ? short : Number(env['HAAT_FAULT_ROUNDS'] ?? long);
  const seed = rows === undefined ? shortSeed : Number(env['HAAT_FAULT_SEED'] ?? 1);
  const tell = (line: object) => {
    if (rows !== undefined) appendFileSync(rows, `${JSON.stringify(line)}\n`);
  };
  return {
    rounds,
    seed,
    *each() {
      for (let round = 0; round < rounds; round++) {
        tell({ round: round + 1, rounds });
        yield round;
      }
    },
    chance: seeded(seed),
    timeoutMs: rounds * secondsEach * 1_000,
    report: (fault, tally) => tell({ fault, rounds, seed, ...tally }),
  };
}

/** mulberry32 (public domain), 32 bits of state. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
