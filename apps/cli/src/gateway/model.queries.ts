import type { ModelRef } from '@haat/kit';

import { cliError } from '../cli.errors.ts';
import type { GatewayClient } from './gateway.client.ts';

/** One model as the registry shows it; `champion` is null until a version is promoted. */
export interface ModelSummary {
  readonly name: string;
  readonly champion: { readonly version: number; readonly digest: string } | null;
}

/** The models that the registry knows, with the version of each that answers. */
export async function modelsOf(gateway: GatewayClient): Promise<readonly ModelSummary[]> {
  const { models } = await gateway.ask<{ models: readonly ModelSummary[] }>(
    'query CliModels { models { name champion { version digest } } }',
  );
  return models;
}

/**
 * The version of `model` that answers; null while none is promoted.
 * @throws UNKNOWN_MODEL
 */
export async function championOf(gateway: GatewayClient, model: string): Promise<ModelRef | null> {
  const models = await modelsOf(gateway);
  const found = models.find(({ name }) => name === model);
  if (found === undefined) {
    const known = models.map(({ name }) => name).join(', ') || 'none';
    throw cliError('UNKNOWN_MODEL', `There is no model "${model}". Known: ${known}`, { model });
  }
  return found.champion === null ? null : { model, ...found.champion };
}
