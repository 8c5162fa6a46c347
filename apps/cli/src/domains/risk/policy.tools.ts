import { parseRiskParameters, type RiskParameters } from '@haat/risk/contract';
import { parametersOfRates, transmissionModel, type PolicyOptions } from '@haat/risk/model';
import {
  cityExperiment,
  pairedDifference,
  policyChart,
  seedsFrom,
  simulatePolicies,
  summarise,
} from '@haat/risk/policy';
import { parseOptions } from '@haat/training';

import type { PolicyReport, PolicyTools } from '../domain.tools.ts';
import { readJson } from '../../local/risk.files.ts';
import { keptOutcomes } from './kept.outcomes.ts';
import { askPolicies } from './policy.queries.ts';

/** Simulations of policies under parameters of transmission. */
export const transmissionPolicies: PolicyTools = {
  async simulate({ parameters: file, option, seed, seeds, threads, outcomes: into }, onProgress) {
    const definition = { name: transmissionModel.name, options: transmissionModel.simulation! };
    const options = parseOptions(definition, option) as PolicyOptions;
    const experiment = cityExperiment(options, await parametersOf(file), seedsFrom(seed, seeds));
    const { known, keep } =
      into === undefined ? { known: [], keep: () => undefined } : await keptOutcomes(into, experiment);
    const outcomes = await simulatePolicies(experiment, {
      threads,
      known,
      async onOutcome(outcome, done, total) {
        await keep(outcome);
        onProgress(done / total, `${outcome.policy} on seed ${outcome.seed}`);
      },
    });
    const first = options.policies[0]!.name;
    const policies = summarise(outcomes);
    return {
      runId: null,
      persons: options.persons,
      days: options.days,
      capacity: options.capacity,
      seeds,
      policies,
      from: first,
      differences: policies
        .filter(({ policy }) => policy !== first)
        .map(({ policy }) => ({ policy, ...pairedDifference(outcomes, policy, first) })),
    };
  },
  ask: askPolicies,
  chart: ({ persons, days, capacity, seeds, policies }: PolicyReport) =>
    policyChart(policies, {
      title: `${persons} persons, ${days} days, ${capacity} tests a day, ${seeds} seeds, 95 % intervals`,
      ours: (policy) => policy.startsWith('risk'),
    }),
};

async function parametersOf(file: string | undefined): Promise<RiskParameters> {
  if (file === undefined) return parametersOfRates(transmissionModel.options.parse({}));
  return parseRiskParameters(await readJson('file of parameters', file), file);
}
