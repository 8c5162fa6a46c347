import { cityMeetings, cityParameters } from './outbreak.constants.ts';
import { simulateOutbreak } from './outbreak.simulator.ts';
import type { OutbreakWorld } from './outbreak.world.ts';

export interface CityOutbreakOptions {
  /** Non-negative safe integer. The same options give the same world. */
  readonly seed: number;
  readonly persons: number;
  /** At most 254. */
  readonly days: number;
  /** P(infection from outside) of a person and day; that of `cityParameters` otherwise. */
  readonly external?: number;
  /** Share of persons who have the app; 1 otherwise. */
  readonly adoption?: number;
  /** Antigen tests a day of persons drawn at random, besides the PCR of everybody who reports; one for a hundred persons otherwise. */
  readonly tests?: number;
}

/**
 * An outbreak in the households, work places and chance meetings of `cityMeetings`, with the tests of a city that nobody plans for.
 *
 * @throws INVALID_WORLD for an option out of its range
 */
export function simulateCity({ external, tests, ...options }: CityOutbreakOptions): OutbreakWorld {
  const { persons } = options;
  return simulateOutbreak({
    ...options,
    parameters: external === undefined ? cityParameters : { ...cityParameters, external },
    meetings: cityMeetings,
    testing: { capacity: persons, ofReports: 1, random: tests ?? Math.ceil(persons / 100), randomKind: 1 },
  });
}
