import { Context } from '@temporalio/activity';
import { modelCard, type ModelRef } from '@haat/kit';
import { announcing, type ContentStore } from '@haat/data-access';
import { withTypedFailures, type TrainingActivities, type TrainInput } from '@haat/workflows';
import { beating } from '@haat/workflows/activities';
import { evaluationReport, type ChampionEvaluation } from '../evaluation.report.ts';
import { storeSnapshot } from '../local.training.ts';
import { fitInChild, fitProcessError } from '../process/index.ts';
import { latestWrite } from '../latest.write.ts';
import { judgeGates } from '../promotion.gates.ts';
import { promotionTerms } from '../promotion.terms.ts';
import type { FitProgress, Trainer } from '../trainer.ts';
import { checkpointOf, dropCheckpoints } from './checkpoint.files.ts';
import type { TrainingRecords } from './training.records.ts';

/** One model that a worker can train: how, from which facts, and where its domain's runs and versions are kept. */
export interface TrainableModel extends TrainingRecords {
  readonly trainer: Trainer;
  /** URL of the module that exports the trainer; the forked fit loads it. */
  readonly module: string;
  /** The facts that `trainer.snapshot` reads. */
  readonly source: unknown;
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

  /** The store, for a run: what comes in is held for it, so that nobody collects it before a version refers to it. */
  const storeOf = (run: Pick<TrainInput, 'runId' | 'model'>) =>
    announcing(store, (digest) => trainable(run.model).holds.hold(run, digest));

  return withTypedFailures<TrainingActivities>({
    async openRun({ runId, model, options, actor = unnamed(runId) }) {
      await trainable(model).runs.create({ id: runId, kind: 'train', model, options: { ...options } }, { actor });
    },

    async beginStep({ runId, model, step }) {
      await trainable(model).runs.beginStep(runId, step);
    },

    snapshot({ runId, model, options }) {
      const { trainer, source } = trainable(model);
      return beating(() => storeSnapshot(trainer, source, new Date(options.asOf), storeOf({ runId, model })));
    },

    fit({ runId, model, options, snapshot }) {
      const { module, runs, checkpoints } = trainable(model);
      const { log } = Context.current();
      const run = { runId, model };
      const progress = latestWrite<FitProgress>(
        ({ fraction, message }) => runs.progress(runId, fraction, message),
        (failure) => log.warn('progress was not written', { failure }),
      );
      return beating(async (signal) => {
        const snapshotFile = await store.path(snapshot.digest);
        const checkpointFile = await checkpointOf({ checkpoints, store }, runId);
        const artifact = await fitInChild(
          {
            trainersModule: module,
            model,
            snapshotFile,
            snapshot,
            seed: options.seed,
            options: options.model,
            ...(checkpointFile !== null && { checkpointFile }),
          },
          {
            signal,
            onProgress: progress.push,
            onCheckpoint: async (file) => void (await checkpoints.keep(run, file, store)),
            onCheckpointLost: (failure) => log.warn('a checkpoint was not kept', { failure }),
          },
        ).finally(progress.settled);
        return storeOf(run).put(artifact);
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

    async promotionTerms({ model, options, gates }) {
      return promotionTerms(trainable(model).trainer.definition, options, gates);
    },

    async askApproval({ runId, ref: { model, version }, timeoutHours }) {
      const { runs, approvals } = trainable(model);
      const { deadline } = await approvals.ask({ runId, model, version }, timeoutHours);
      await runs.progress(runId, null, `${model}@${version} waits for an approval until ${deadline.toISOString()}`);
    },

    async closeApproval({ runId, model }) {
      const { state, actor, origin, reason } = await trainable(model).approvals.close(runId);
      if (state !== 'approved' && state !== 'rejected') return { state: 'expired' };
      return { state, actor: { subject: actor!, origin: origin! }, reason: reason ?? '' };
    },

    async promote({ runId, ref, actor = unnamed(runId), reason }) {
      await trainable(ref.model).lifecycle.promote(ref.model, ref.version, { actor, reason, details: { runId } });
    },

    async completeRun({ runId, result }) {
      const { model } = result.ref;
      const { runs, checkpoints } = trainable(model);
      await runs.complete(runId, { metrics: result.metrics, result: { ...result } });
      await dropCheckpoints({ checkpoints, store }, { runId, model });
    },

    async failRun({ runId, model, state, code, message }) {
      const { runs, approvals, checkpoints } = trainable(model);
      await approvals.cancel(runId);
      await runs.fail(runId, state, code, message);
      await dropCheckpoints({ checkpoints, store }, { runId, model });
    },
  });
}

/** Who acts for a run that was started before runs knew who started them. */
function unnamed(runId: string) {
  return { subject: 'system:training', origin: runId };
}
