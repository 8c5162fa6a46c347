import { Outbreak } from '@haat/simulators';
import { publishedPolicy, riskPolicy } from './inference.policies.ts';
import type { Policy, Today } from './policy.ts';
import type { PolicyOutcome } from '../contract/index.ts';
import type { PolicyExperiment } from './policy.experiment.ts';
import { noPolicy, symptomPolicy, tracingPolicy } from './rule.policies.ts';

/** Lets one policy of an experiment meet the outbreak of one seed. The same seed is the same world under each policy, and the same answer again. */
export function runPolicy(experiment: PolicyExperiment, name: string, seed: number): PolicyOutcome {
  const { world, start, capacity, kind } = experiment;
  const outbreak = new Outbreak({ ...world, seed });
  const policy = policyOf(experiment, name, seed);
  let [quarantineDays, tests, positive] = [0, 0, 0];
  let apart: Uint8Array | null = null;
  do {
    if (outbreak.day < start) continue;
    const results: { person: number; positive: boolean }[] = [];
    const today: Today = {
      day: outbreak.day,
      persons: outbreak.persons,
      capacity,
      reports: outbreak.reports(),
      results,
      contacts: outbreak.recorded,
      observed: () => outbreak.observed(),
    };
    for (const person of policy.whomToTest(today).slice(0, capacity))
      results.push({ person, positive: outbreak.test(person, kind) });
    apart = policy.whoIsApart(today);
    tests += results.length;
    positive += results.filter((result) => result.positive).length;
    quarantineDays += apart.reduce((sum, is) => sum + is, 0);
  } while (outbreak.meet(apart));
  const infected = outbreak.truth().source.filter((from) => from !== -2).length / outbreak.persons;
  return { policy: name, seed, infected, quarantineDays, tests, positive };
}

function policyOf({ policies, world: { persons }, kind }: PolicyExperiment, name: string, seed: number): Policy {
  const setting = policies.find((one) => one.name === name)!;
  switch (setting.kind) {
    case 'none':
      return noPolicy(persons);
    case 'symptoms':
      return symptomPolicy(setting, persons);
    case 'tracing':
      return tracingPolicy(setting, persons);
    case 'published':
      return publishedPolicy(setting, persons, seed);
    case 'risk':
      return riskPolicy(setting, persons, seed, kind);
  }
}
