import type { OutbreakParameters } from './outbreak.world.ts';

/**
 * Shares of days in E (1 to 14; mean 4.8) and in I (5 to 37; mean 19.9) of the published model: Herbrich, Rastogi, Vollgraf, "CRISP",
 * arXiv 2006.04942, experiments of section 5.
 */
export const publishedDurations = {
  exposed: shares(
    1,
    [
      0.05908981283, 0.1656874653, 0.1819578343, 0.154807057, 0.1198776096, 0.08938884645, 0.06572939883, 0.04819654533,
      0.03543733758, 0.02620080839, 0.01950646727, 0.01463254844, 0.0110616426, 0.008426626119,
    ],
  ),
  infectious: shares(
    5,
    [
      0.0001178655952, 0.0006658439543, 0.002319264193, 0.005825713197, 0.01160465163, 0.01949056696, 0.02877007836,
      0.03842711373, 0.04743309657, 0.05496446107, 0.06050719418, 0.06386313651, 0.065094874, 0.06444537162,
      0.06225794729, 0.0589104177, 0.05476817903, 0.05015542853, 0.0453410888, 0.04053528452, 0.03589255717,
      0.03151878504, 0.02747963753, 0.02380914891, 0.02051758911, 0.01759822872, 0.01503287457, 0.0127962154,
      0.01085910889, 0.009190974483, 0.007761463001, 0.006541562648, 0.005504277076,
    ],
  ),
} as const;

/** Shares from a first day on, divided by their sum. */
function shares(first: number, values: readonly number[]): number[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  return [...new Array<number>(first).fill(0), ...values.map((value) => value / total)];
}

/** An outbreak as a city might have it: households, work, chance meetings; two kinds of tests; half of the onsets are reported. */
export const cityParameters: OutbreakParameters = {
  external: 2e-4,
  channels: [
    { name: 'household', probability: 0.03 },
    { name: 'work', probability: 0.02 },
    { name: 'other', probability: 0.015 },
  ],
  exposed: publishedDurations.exposed,
  infectious: publishedDurations.infectious,
  infectivity: [1],
  tests: [
    { name: 'pcr', positive: { S: 0.005, E: 0.3, I: 0.95, R: 0.1 } },
    { name: 'antigen', uninfected: 0.01, sinceInfection: [0.01, 0.05, 0.2, 0.5, 0.7, 0.8, 0.8, 0.7, 0.5, 0.3, 0.1] },
  ],
  symptoms: { reported: 0.5, falseReports: 0.002, delay: [0.4, 0.3, 0.2, 0.1] },
};

/** Who meets whom in it: units are quarters of an hour. */
export const cityMeetings = [
  { channel: 0, groups: [0, 0.15, 0.25, 0.2, 0.25, 0.15], mean: 0.9, units: [1, 4] },
  { channel: 1, groups: [0, 0.4, 0, 0, 0, 0, 0, 0, 0.3, 0, 0, 0, 0.3], mean: 0.25, units: [1, 3] },
  { channel: 2, groups: null, mean: 2, units: [1, 2] },
] as const;
