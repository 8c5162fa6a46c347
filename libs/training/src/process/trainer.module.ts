import type { ForkedFit } from '../trainer.ts';
import { fitProcessError } from './process.errors.ts';

/** What fits `model` among what a module exports. Errors: UNKNOWN_TRAINER. */
export async function fitFrom(module: string, model: string): Promise<ForkedFit> {
  const exported = Object.values((await import(module)) as Record<string, unknown>);
  const trainer = exported.filter(isFit).find(({ definition }) => definition.name === model);
  if (trainer) return trainer;
  throw fitProcessError('UNKNOWN_TRAINER', `${module} exports no trainer of "${model}"`, { model });
}

function isFit(exported: unknown): exported is ForkedFit {
  const { definition, fit } = (exported ?? {}) as Partial<ForkedFit>;
  return typeof fit === 'function' && typeof definition?.name === 'string';
}
