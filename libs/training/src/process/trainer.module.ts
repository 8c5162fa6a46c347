import type { Trainer } from '../trainer.ts';
import { fitProcessError } from './process.errors.ts';

/** The trainer of `model` among what a module exports. Errors: UNKNOWN_TRAINER. */
export async function trainerFrom(module: string, model: string): Promise<Trainer> {
  const exported = Object.values((await import(module)) as Record<string, unknown>);
  const trainer = exported.filter(isTrainer).find(({ definition }) => definition.name === model);
  if (trainer) return trainer;
  throw fitProcessError('UNKNOWN_TRAINER', `${module} exports no trainer of "${model}"`, { model });
}

function isTrainer(exported: unknown): exported is Trainer {
  const { definition, fit } = (exported ?? {}) as Partial<Trainer>;
  return typeof fit === 'function' && typeof definition?.name === 'string';
}
