import type { ModelRegistry } from '@haat/data-access';
import type { ModelRef } from '@haat/kit';
import { trainingError } from '../training.errors.ts';

/** The version that is promoted. Errors: NO_PARAMETERS. */
export async function championOf(registry: Pick<ModelRegistry, 'champion'>, model: string): Promise<ModelRef> {
  const champion = await registry.champion(model);
  if (champion) return { model: champion.model, version: champion.version, digest: champion.digest };
  throw trainingError('NO_PARAMETERS', `${model}: no version is promoted, so that there are no parameters`, { model });
}
