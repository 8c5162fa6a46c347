import { z } from 'zod';
import { mostPolicyRuns, mostSweptDays, policiesSchema, sweepsOf } from '../model/index.ts';
import { policyError } from './policy.errors.ts';
import type { PolicyExperiment } from './policy.experiment.ts';

const experimentSchema = z.object({
  world: z.object({ parameters: z.object({ tests: z.array(z.unknown()) }) }),
  start: z.int().gte(0),
  capacity: z.int().gte(0),
  kind: z.int().gte(0),
  seeds: z
    .array(z.int().gte(0))
    .min(1)
    .refine((seeds) => new Set(seeds).size === seeds.length, { error: 'expected each seed once' }),
  policies: policiesSchema,
});

/**
 * Refuses an experiment that makes no sense, or is more than anybody should wait for; its world is refused where it is made.
 * Errors: INVALID_EXPERIMENT with details `{ field, expected }`, of a limit also `{ most, got }`.
 */
export function checkExperiment(experiment: PolicyExperiment): void {
  const parsed = experimentSchema.safeParse(experiment);
  const refuse = (field: string, expected: string, limit: object = {}): never => {
    throw policyError('INVALID_EXPERIMENT', `Experiment: field ${field}: ${expected}`, { field, expected, ...limit });
  };
  const bound = (field: string, what: string, most: number, ...factors: readonly number[]) => {
    const got = factors.reduce((product, factor) => product * factor, 1);
    if (got > most)
      refuse(field, `expected ${what} of at most ${most}, got ${factors.join(' x ')} = ${got}`, { most, got });
  };
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues as [z.core.$ZodIssue];
    refuse(path.join('.') || 'all', message);
  }
  const kinds = experiment.world.parameters.tests.length;
  if (experiment.kind >= kinds) refuse('kind', `expected a kind of test below ${kinds}, got ${experiment.kind}`);
  const { world, seeds, policies } = experiment;
  bound('seeds', 'seeds x policies', mostPolicyRuns, seeds.length, policies.length);
  for (const [at, policy] of policies.entries()) {
    const sweeps = sweepsOf(policy);
    bound(`policies.${at}`, 'persons x days x sweeps a day', mostSweptDays, world.persons, world.days, sweeps);
  }
}
