import { z } from 'zod';
import { policiesSchema } from '../model/index.ts';
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

/** Refuses an experiment that makes no sense; its world is refused where it is made. Errors: INVALID_EXPERIMENT with details `{ field, expected }`. */
export function checkExperiment(experiment: PolicyExperiment): void {
  const parsed = experimentSchema.safeParse(experiment);
  const refuse = (field: string, expected: string): never => {
    throw policyError('INVALID_EXPERIMENT', `Experiment: field ${field}: ${expected}`, { field, expected });
  };
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues as [z.core.$ZodIssue];
    refuse(path.join('.') || 'all', message);
  }
  const kinds = experiment.world.parameters.tests.length;
  if (experiment.kind >= kinds) refuse('kind', `expected a kind of test below ${kinds}, got ${experiment.kind}`);
}
