import { Context } from '@temporalio/activity';
import type { ContentStore } from '@haat/data-access';
import { readMetadata } from '@haat/model-runtime';
import { withTypedFailures, type SimulateActivities } from '@haat/workflows';
import { beating } from '@haat/workflows/activities';
import { latestWrite } from '../latest.write.ts';
import { fitProcessError } from '../process/index.ts';
import { parseOptions } from '../run.options.ts';
import type { SimulatedModel } from '../simulated.model.ts';
import type { FitProgress } from '../trainer.ts';
import { championOf } from './champion.ts';

export interface SimulationWorld {
  readonly models: readonly SimulatedModel[];
  readonly store: ContentStore;
}

/** The steps of simulations, for a worker. Each may be repeated: see `SimulateActivities`. */
export function simulationActivities({ models, store }: SimulationWorld): SimulateActivities {
  const known = new Map<string, SimulatedModel>(models.map((model) => [model.definition.name, model]));
  const simulated = (name: string): SimulatedModel => {
    const found = known.get(name);
    if (found) return found;
    const names = [...known.keys()].join(', ') || 'none';
    throw fitProcessError('UNKNOWN_TRAINER', `No worlds of "${name}": this worker simulates under ${names}`, {
      model: name,
    });
  };

  return withTypedFailures<SimulateActivities>({
    async openSimulation({ runId, model, options, actor = { subject: 'system:simulation', origin: runId } }) {
      await simulated(model).runs.create({ id: runId, kind: 'simulate', model, options: { ...options } }, { actor });
    },

    async beginSimulateStep({ runId, model, step }) {
      await simulated(model).runs.beginStep(runId, step);
    },

    async planSimulation({ runId, model, options: { seed, seeds, model: raw } }) {
      const { definition, registry, plan } = simulated(model);
      if (definition.simulation === undefined) throw new Error(`${model} declares no options of simulation`);
      const options = parseOptions({ name: definition.name, options: definition.simulation }, raw);
      const ref = await championOf(registry, model);
      const { context } = readMetadata(await store.get(ref.digest));
      return plan({ runId, ref, context, options: options as Readonly<Record<string, unknown>>, seed, seeds });
    },

    async simulateSeed({ runId, model, seed }) {
      const { runs, simulate } = simulated(model);
      const { log } = Context.current();
      const progress = latestWrite<FitProgress>(
        ({ fraction, message }) => runs.progress(runId, fraction, message),
        (failure) => log.warn('progress was not written', { failure }),
      );
      await beating((signal) =>
        simulate(runId, seed, {
          signal,
          onKept: (done, total, last) =>
            progress.push({
              fraction: done / total,
              message: `${done} of ${total}, last ${last.policy} on seed ${last.seed}`,
            }),
        }).finally(progress.settled),
      );
    },

    async summariseSimulation({ runId, model }) {
      return simulated(model).summarise(runId);
    },

    async completeSimulation({ runId, result }) {
      await simulated(result.ref.model).runs.complete(runId, { metrics: result.metrics, result: { ...result } });
    },

    async failSimulation({ runId, model, state, code, message }) {
      await simulated(model).runs.fail(runId, state, code, message);
    },
  });
}
