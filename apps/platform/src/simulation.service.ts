import type { ModelRegistry, RunRecord } from '@haat/data-access';
import type { Actor } from '@haat/kit';
import { edgeError, type JsonObject } from '@haat/platform';
import { simulateInput } from '@haat/workflows/client';
import { checkAgainst } from './option.check.ts';
import type { RunStarter } from './run.starter.ts';

/** A wish for a simulation of policies, as the API takes it. */
export interface SimulateWish {
  readonly model: string;
  readonly options?: JsonObject;
  readonly seed?: number;
  readonly seeds?: number;
  readonly idempotencyKey?: string;
}

/** Starts simulations of policies. Equal wishes under the same champion start one run. */
export class SimulationService {
  constructor(
    private readonly registry: ModelRegistry,
    private readonly starter: RunStarter,
  ) {}

  /** @throws UNKNOWN_MODEL, INVALID_ARGUMENT, SERVICE_UNAVAILABLE */
  async simulate({ model, ...wish }: SimulateWish, actor: Actor): Promise<RunRecord> {
    const { card } = await this.registry.model(model);
    if (card.simulation === undefined) {
      const why = 'there are no worlds in which policies could be tried';
      throw edgeError('INVALID_ARGUMENT', `input.model: ${model}: ${why}`, { field: 'input.model' });
    }
    checkAgainst(card.simulation, card.name, wish.options ?? {});
    const version = (await this.registry.champion(model))?.version ?? null;
    return this.starter.start('simulate', simulateInput({ ...wish, model, version }), actor);
  }
}
