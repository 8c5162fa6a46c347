import { parseRiskParameters, type RiskParameters } from './risk.parameters.ts';

/** Durations of the published model (Herbrich, Rastogi, Vollgraf, arXiv 2006.04942), by days; divided by their sums when parsed. */
const exposed = [
  0, 0.05908981283, 0.1656874653, 0.1819578343, 0.154807057, 0.1198776096, 0.08938884645, 0.06572939883, 0.04819654533,
  0.03543733758, 0.02620080839, 0.01950646727, 0.01463254844, 0.0110616426, 0.008426626119,
];
const infectious = [
  0, 0, 0, 0, 0, 0.0001178655952, 0.0006658439543, 0.002319264193, 0.005825713197, 0.01160465163, 0.01949056696,
  0.02877007836, 0.03842711373, 0.04743309657, 0.05496446107, 0.06050719418, 0.06386313651, 0.065094874, 0.06444537162,
  0.06225794729, 0.0589104177, 0.05476817903, 0.05015542853, 0.0453410888, 0.04053528452, 0.03589255717, 0.03151878504,
  0.02747963753, 0.02380914891, 0.02051758911, 0.01759822872, 0.01503287457, 0.0127962154, 0.01085910889,
  0.009190974483, 0.007761463001, 0.006541562648, 0.005504277076,
];
const shares = (weights: readonly number[]) => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
};

/** Parameters of the published experiments: what holds until they are learned. */
export const publishedParameters: RiskParameters = parseRiskParameters({
  external: 1e-4,
  channels: [{ name: 'contact', probability: 0.025 }],
  exposed: shares(exposed),
  infectious: shares(infectious),
  infectivity: [1],
  tests: [{ name: 'test', positive: { S: 0.01, E: 0.01, I: 0.999, R: 0.01 } }],
  symptoms: null,
});
