import type { OutbreakOptions } from '@haat/simulators';
import type { PolicySetting } from '../model/index.ts';

/** Which policies meet which outbreaks. */
export interface PolicyExperiment {
  /** The world, but for its seed. */
  readonly world: Omit<OutbreakOptions, 'seed'>;
  /** First day on which anything is done. */
  readonly start: number;
  /** Tests a day, and their kind. */
  readonly capacity: number;
  readonly kind: number;
  readonly seeds: readonly number[];
  /** In the order in which they are told, each name once. */
  readonly policies: readonly PolicySetting[];
}
