import { Outbreak } from './outbreak.ts';
import { outbreakStream } from './outbreak.streams.ts';
import type { OutbreakOptions, OutbreakWorld } from './outbreak.world.ts';

/** Who is tested while nobody thinks about it. */
export interface OutbreakTesting {
  /** Most tests a day. */
  readonly capacity: number;
  /** P(test on the day of a report of symptoms), and its kind. */
  readonly ofReports: number;
  readonly reportsKind?: number;
  /** Tests a day of persons drawn at random from all, and their kind. */
  readonly random: number;
  readonly randomKind?: number;
}

export interface SimulateOutbreakOptions extends OutbreakOptions {
  readonly testing: OutbreakTesting;
}

/**
 * A whole outbreak in which nobody is kept apart, and what was seen of it by apps and tests.
 *
 * @throws INVALID_WORLD for an option out of its range
 */
export function simulateOutbreak({ testing, ...options }: SimulateOutbreakOptions): OutbreakWorld {
  const outbreak = new Outbreak(options);
  do {
    testToday(outbreak, testing, options.seed);
  } while (outbreak.meet());
  return { seed: options.seed, observed: outbreak.observed(), truth: outbreak.truth() };
}

/** Tests who reports, then persons drawn at random, nobody twice. */
function testToday(outbreak: Outbreak, testing: OutbreakTesting, seed: number): void {
  const { capacity, ofReports, reportsKind = 0, random, randomKind = 0 } = testing;
  const stream = outbreakStream(seed, 'testing', outbreak.day);
  const tested = new Set<number>();
  for (const person of outbreak.reports()) {
    if (tested.size === capacity) return;
    if (!stream.chance(ofReports)) continue;
    tested.add(person);
    outbreak.test(person, reportsKind);
  }
  const most = Math.min(capacity, tested.size + random, outbreak.persons);
  while (tested.size < most) {
    const person = stream.below(outbreak.persons);
    if (tested.has(person)) continue;
    tested.add(person);
    outbreak.test(person, randomKind);
  }
}
