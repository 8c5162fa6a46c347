import { Context } from '@temporalio/activity';
import { modelCard, type ModelRef } from '@haat/kit';
import type { ContentStore, ModelRegistry, RunLog } from '@haat/data-access';
import { withTypedFailures, type TrainingActivities } from '@haat/workflows';
import { beating } from '@haat/workflows/activities';
import { evaluationReport, type ChampionEvaluation } from '../evaluation.report.ts';
import { storeSnapshot } from '../local.training.ts';
import { fitInChild, fitProcessError } from '../process/index.ts';
import { judgeGates } from '../promotion.gates.ts';
import type { Trainer } from '../trainer.ts';
import { latestProgress } from './latest.progress.ts';

/** One model that a worker can train: how, from which facts, and where its domain's runs and versions are kept. */
export interface TrainableModel {
  readonly trainer: Trainer;
  /** URL of the module that exports the trainer; the forked fit loads it. */
  readonly module: string;
  /** The facts that `trainer.snapshot` reads. */
  readonly source: unknown;
  readonly registry: ModelRegistry;
  readonly runs: RunLog;
}

export interface TrainingWorld {
  readonly models: readonly TrainableModel[];
  readonly store: ContentStore;
  /** Revision of the code, for the lineage; null where it is not known. */
  readonly codeRevision: string | null;
}

/** The steps of training, for a worker. Each may be repeated: see `TrainingActivities`. */
export function trainingActivities({ models, store, codeRevision }: TrainingWorld): TrainingActivities {
  const known = new Map<string, TrainableModel>(models.map((model) => [model.trainer.definition.name, model]));
  const trainable = (name: string): TrainableModel => {
    const found = known.get(name);
    if (found) return found;
    const names = [...known.keys()].join(', ');
    throw fitProcessError('UNKNOWN_TRAINER', `No trainer of "${name}": this worker trains ${names}`, { model: name });
  };

  return withTypedFailures<TrainingActivities>({
    async openRun({ runId, model, options }) {
      await trainable(model).runs.create({ id: runId, kind: 'train', model, options: { ...options } });
    },

    async beginStep({ runId, model, step }) {
      await trainable(model).runs.beginStep(runId, step);
    },

    snapshot({ model, options }) {
      const { trainer, source } = trainable(model);
      return beating(() => storeSnapshot(trainer, source, new Date(options.asOf), store));
    },

    fit({ runId, model, options, snapshot }) {
      const { module, runs } = trainable(model);
      const { log } = Context.current();
      const progress = latestProgress(
        ({ fraction, message }) => runs.progress(runId, fraction, message),
        (failure) => log.warn('progress was not written', { failure }),
      );
      return beating(async (signal) => {
        const snapshotFile = await store.path(snapshot.digest);
        const artifact = await fitInChild(
          { trainersModule: module, model, snapshotFile, snapshot, seed: options.seed, options: options.model },
          { signal, onProgress: progress.push },
        ).finally(progress.settled);
        return store.put(artifact);
      });
    },

    evaluate({ model, options, snapshot, candidate }) {
      const { trainer, registry } = trainable(model);
      return beating(async () => {
        const data = await trainer.read(await store.path(snapshot.digest));
        const measure = async ({ digest }: { digest: string }) => trainer.evaluate(await store.get(digest), data);
        const champion = await registry.champion(model);
        const against: ChampionEvaluation | null = champion && {
          version: champion.version,
          evaluation: await measure(champion),
        };
        return evaluationReport(await measure(candidate), against, options.seed);
      });
    },

    async gates({ model, evaluation }) {
      return judgeGates(trainable(model).trainer.definition.gates, evaluation);
    },

    async register({ runId, model, snapshot, candidate, evaluation, gates }) {
      const { trainer, registry } = trainable(model);
      const { version, digest } = await registry.register({
        model,
        runId,
        ...candidate,
        card: modelCard(trainer.definition),
        metrics: evaluation.metrics,
        gates,
        evaluation: { ...evaluation },
        dataset: { ...snapshot, asOf: new Date(snapshot.asOf) },
        codeRevision,
      });
      return { model, version, digest } satisfies ModelRef;
    },

    async promote({ ref }) {
      await trainable(ref.model).registry.promote(ref.model, ref.version);
    },

    async completeRun({ runId, result }) {
      await trainable(result.ref.model).runs.complete(runId, { metrics: result.metrics, result: { ...result } });
    },

    async failRun({ runId, model, state, code, message }) {
      await trainable(model).runs.fail(runId, state, code, message);
    },
  });
}
