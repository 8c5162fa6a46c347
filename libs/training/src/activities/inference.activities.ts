import { Context } from '@temporalio/activity';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { announcing, checkDayFiles, type ContentStore } from '@haat/data-access';
import { differencesOf, DomainError, isDomainError, SkewTally, type ErrorDetails } from '@haat/kit';
import { readMetadata } from '@haat/model-runtime';
import { withTypedFailures, type InferActivities, type SampleInput, type StatedProblem } from '@haat/workflows';
import { beating } from '@haat/workflows/activities';
import type { DayStream } from '../day.stream.ts';
import type { ChainOptions, InferableModel, InferenceOf } from '../inferable.model.ts';
import { latestWrite } from '../latest.write.ts';
import { fitInChild, fitProcessError, inScratchFolder } from '../process/index.ts';
import { parseOptions } from '../run.options.ts';
import { trainingError } from '../training.errors.ts';
import type { FitProgress } from '../trainer.ts';
import { championOf } from './champion.ts';
import { checkpointOf, dropCheckpoints } from './checkpoint.files.ts';
import { judgeReplay } from './replay.judgement.ts';

export interface InferenceWorld {
  readonly models: readonly InferableModel[];
  readonly store: ContentStore;
}

/** The steps of inference, for a worker. Each may be repeated: see `InferActivities`. */
export function inferenceActivities({ models, store }: InferenceWorld): InferActivities {
  const known = new Map<string, InferableModel>(models.map((model) => [model.definition.name, model]));
  const inferable = (name: string): InferableModel => {
    const found = known.get(name);
    if (found) return found;
    const names = [...known.keys()].join(', ') || 'none';
    throw fitProcessError('UNKNOWN_TRAINER', `No sampler of "${name}": this worker infers by ${names}`, {
      model: name,
    });
  };

  /** The store, for a run: what comes in is held for it, for as long as it is in flight. */
  const storeOf = (run: Pick<SampleInput, 'runId' | 'model'>) =>
    announcing(store, (digest) => inferable(run.model).holds.hold(run, digest));

  const optionsOf = ({ model, options }: SampleInput) => {
    const { definition } = inferable(model);
    if (definition.inference === undefined) throw new Error(`${model} declares no options of inference`);
    return parseOptions(
      { name: definition.name, options: definition.inference },
      options.model,
    ) as InferenceOf['options'];
  };

  const inferenceOf = async (call: SampleInput & StatedProblem): Promise<InferenceOf> => {
    const { runId, ref, snapshot, options } = call;
    const { context } = readMetadata(await store.get(ref.digest));
    return { runId, ref, snapshot, seed: options.seed, options: optionsOf(call), context };
  };

  /** A file that `write` fills, in the store, with what `write` answers. */
  const stored = async <T>(run: SampleInput, write: (file: string) => Promise<T>): Promise<T & { digest: string }> =>
    inScratchFolder('problem', async (folder) => {
      const file = join(folder, 'problem');
      const written = await write(file);
      return { ...written, digest: (await storeOf(run).putFile(file)).digest };
    });

  /** The problem of a run that is kept, stated again. */
  const restated = async (call: SampleInput, runId: string): Promise<StatedProblem> => {
    const { kept, restate } = inferable(call.model);
    const { ref, snapshot } = await kept(runId);
    const { context } = readMetadata(await store.get(ref.digest));
    const run = { runId, ref, snapshot, context, options: optionsOf(call), chains: call.options.chains };
    const { digest, rows } = await stored(call, (file) => restate(run, file));
    const inputs = differencesOf({ facts: snapshot.digest }, { facts: digest });
    const tally = new SkewTally();
    if (inputs.length > 0) tally.addDiffering([{ id: runId, same: false, inputs, outputs: [] }]);
    judgeReplay(runId, tally.report());
    return { ref, snapshot: { ...snapshot, digest, rows } };
  };

  const daysOf = (model: string): { readonly days: DayStream; readonly tables: readonly string[] } => {
    const { days, definition } = inferable(model);
    if (days && definition.dayTables) return { days, tables: definition.dayTables };
    throw trainingError('NO_DAYS', `${model} does not take in days one after the other`, { model });
  };

  return withTypedFailures<InferActivities>({
    async openInference({ kind = 'infer', runId, model, options, actor = unnamed(runId) }) {
      await inferable(model).runs.create({ id: runId, kind, model, options: { ...options } }, { actor });
    },

    async beginInferStep({ runId, model, step }) {
      await inferable(model).runs.beginStep(runId, step);
    },

    importDay(call) {
      const { runId, model, options } = call;
      return beating(() =>
        inScratchFolder('day', async (folder) => {
          const { days, tables } = daysOf(model);
          checkDayFiles(
            options.files.map(({ name }) => name),
            tables,
          );
          for (const { name, digest } of options.files) {
            await inferable(model).holds.hold({ runId, model }, digest);
            await copyFile(await store.path(digest), join(folder, name));
          }
          return days.importDay(folder, options.day).catch((thrown: unknown) => {
            throw withoutFolder(thrown, folder);
          });
        }),
      );
    },

    stateDay(call) {
      const { model, options } = call;
      return beating(async () => {
        const ref = await championOf(inferable(model).registry, model);
        const { context } = readMetadata(await store.get(ref.digest));
        const { day } = options;
        const { digest, rows, revision, asOf, unchanged, metrics } = await stored(call, (file) =>
          daysOf(model).days.state({ day, ref, context, options: optionsOf(call), chains: options.chains }, file),
        );
        return { ref, snapshot: { digest, rows, asOf: asOf.toISOString(), revision }, unchanged, metrics };
      });
    },

    stateProblem(call) {
      return beating(async () => {
        const { options } = call;
        if (options.replayOf !== undefined) return restated(call, options.replayOf);
        const { asOf } = options;
        const { registry, state } = inferable(call.model);
        const ref = await championOf(registry, call.model);
        const { digest, rows, revision } = await stored(call, (file) => state(new Date(asOf), optionsOf(call), file));
        return { ref, snapshot: { digest, rows, asOf, revision } };
      });
    },

    async runChain(call) {
      const { model, runId, chain, snapshot } = call;
      const { module, runs, checkpoints } = inferable(model);
      const { log } = Context.current();
      const run = { runId, model };
      const progress = latestWrite<FitProgress>(
        ({ fraction, message }) => runs.progress(runId, fraction, `chain ${chain + 1}: ${message}`),
        (failure) => log.warn('progress was not written', { failure }),
      );
      return beating(async (signal) => {
        const { context, options, seed } = await inferenceOf(call);
        const checkpointFile = await checkpointOf({ checkpoints, store }, runId, chain);
        const bytes = await fitInChild(
          {
            trainersModule: module,
            model,
            snapshotFile: await store.path(snapshot.digest),
            snapshot,
            seed,
            options: { chain, chains: call.options.chains, context, model: options } satisfies ChainOptions,
            ...(checkpointFile !== null && { checkpointFile }),
          },
          {
            signal,
            onProgress: progress.push,
            onCheckpoint: async (file) => void (await checkpoints.keep(run, file, store, chain)),
            onCheckpointLost: (failure) => log.warn('a checkpoint was not kept', { failure }),
          },
        ).finally(progress.settled);
        return checkpoints.passing(run, store).put(bytes);
      });
    },

    poolChains(call) {
      const { pool, compare } = inferable(call.model);
      const { replayOf } = call.options;
      return beating(async () => {
        const chains = await Promise.all(call.chains.map(({ digest }) => store.get(digest)));
        const [run, file] = [await inferenceOf(call), await store.path(call.snapshot.digest)];
        if (replayOf === undefined) return pool(run, file, chains);
        return judgeReplay(replayOf, await compare({ ...run, runId: replayOf }, file, chains));
      });
    },

    async completeInference({ runId, result }) {
      const { model } = result.ref;
      const { runs, checkpoints } = inferable(model);
      await runs.complete(runId, { metrics: result.metrics, result: { ...result } });
      await dropCheckpoints({ checkpoints, store }, { runId, model });
    },

    async failInference({ runId, model, state, code, message }) {
      const { runs, checkpoints } = inferable(model);
      await runs.fail(runId, state, code, message);
      await dropCheckpoints({ checkpoints, store }, { runId, model });
    },
  });
}

/** Who acts for a run that was started without a name. */
const unnamed = (origin: string) => ({ subject: 'system:inference', origin });

/** A failure that names files as whoever sent them knows them. */
function withoutFolder(thrown: unknown, folder: string): unknown {
  if (!isDomainError(thrown)) return thrown;
  const plain = (text: string) => text.replaceAll(`${folder}/`, '');
  const details = JSON.parse(plain(JSON.stringify(thrown.details))) as ErrorDetails;
  return new DomainError(thrown.code, thrown.blame, plain(thrown.message), details);
}
