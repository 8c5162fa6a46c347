import { join } from 'node:path';
import type { ModelDefinition } from '@haat/kit';
import type { CandidateRef, EvaluationReport, GateResult, RunProgress, SnapshotRef } from '@haat/workflows';
import { evaluationReport } from './evaluation.report.ts';
import { inScratchFolder } from './process/scratch.folder.ts';
import { judgeGates } from './promotion.gates.ts';
import { parseOptions } from './run.options.ts';
import type { FitContext, Trainer } from './trainer.ts';

/** Where the snapshot and the artifact go, by digest. */
export interface TrainingStore {
  put(bytes: Uint8Array): Promise<{ readonly digest: string; readonly bytes: number }>;
  putFile(path: string): Promise<{ readonly digest: string; readonly bytes: number }>;
  path(digest: string): Promise<string>;
}

export interface LocalRun {
  readonly snapshot: SnapshotRef;
  readonly candidate: CandidateRef;
  readonly artifact: Uint8Array;
  readonly evaluation: EvaluationReport;
  readonly gates: readonly GateResult[];
}

/** One training run without any server: snapshot, fit, evaluate, gates, with the functions that the activities call. */
export async function trainLocally<D extends ModelDefinition, Source, Data>(
  trainer: Trainer<D, Source, Data>,
  source: Source,
  options: { readonly asOf: Date; readonly seed: number; readonly model: unknown },
  run: {
    readonly store: TrainingStore;
    readonly report?: (progress: RunProgress) => void;
    readonly signal?: AbortSignal;
    readonly champion?: { readonly version: number; readonly artifact: Uint8Array };
  },
): Promise<LocalRun> {
  const signal = run.signal ?? new AbortController().signal;
  const report = run.report ?? (() => undefined);
  const modelOptions = parseOptions(trainer.definition, options.model);

  report({ step: 'snapshot', fraction: null, message: 'Reading facts' });
  const snapshot = await storeSnapshot(trainer, source, options.asOf, run.store);
  signal.throwIfAborted();

  const data = await trainer.read(await run.store.path(snapshot.digest));
  const artifact = await trainer.fit(data, modelOptions, {
    seed: options.seed,
    dataset: datasetOf(snapshot),
    report: ({ fraction, message }) => report({ step: 'fit', fraction, message }),
    signal,
  });
  const candidate = await run.store.put(artifact);
  signal.throwIfAborted();

  report({ step: 'evaluate', fraction: null, message: 'Serving the held-out part' });
  const evaluated = await trainer.evaluate(artifact, data);
  const champion = run.champion && {
    version: run.champion.version,
    evaluation: await trainer.evaluate(run.champion.artifact, data),
  };
  const evaluation = evaluationReport(evaluated, champion ?? null, options.seed);

  const gates = judgeGates(trainer.definition.gates, evaluation);
  report({
    step: 'gates',
    fraction: 1,
    message: `${gates.filter(({ passed }) => passed).length} of ${gates.length} gates passed`,
  });
  return { snapshot, candidate, artifact, evaluation, gates };
}

/** What an artifact says of its data. Not the revision: the same facts give the same artifact, whatever else changed. */
export function datasetOf({ digest, rows, asOf }: SnapshotRef): FitContext['dataset'] {
  return { digest, rows, asOf };
}

/** Writes a snapshot and stores it by the digest of its bytes. */
export async function storeSnapshot<Source>(
  trainer: Pick<Trainer<ModelDefinition, Source>, 'snapshot'>,
  source: Source,
  asOf: Date,
  store: Pick<TrainingStore, 'putFile'>,
): Promise<SnapshotRef> {
  return inScratchFolder('snapshot', async (folder) => {
    const file = join(folder, 'snapshot.parquet');
    const { rows, revision } = await trainer.snapshot(source, asOf, file);
    const { digest } = await store.putFile(file);
    return { digest, rows, asOf: asOf.toISOString(), revision };
  });
}
