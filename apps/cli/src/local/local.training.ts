import { existsSync } from 'node:fs';

import { contentStore } from '@haat/data-access';
import { isDomainError } from '@haat/kit';
import { readMetadata } from '@haat/model-runtime';
import { evaluationReport, judgeGates, storeSnapshot, trainLocally } from '@haat/training';
import { inScratchFolder } from '@haat/training/process';
import type { EvaluationReport, GateResult, RunProgress, SnapshotRef } from '@haat/workflows';

import { cliError } from '../cli.errors.ts';
import type { Rejects } from '../output/rejects.text.ts';
import { modelTools } from '../domains/domain.table.ts';
import { artifactBytes, openLocalModel } from './local.model.ts';
import { readNamed, requireWritable, writeNamed } from './named.files.ts';
import { isWithin } from './written.files.ts';

export interface LocalTraining extends Rejects {
  readonly model: string;
  /** The file that was written, and the SHA-256 of its bytes. */
  readonly artifact: string;
  readonly digest: string;
  readonly snapshot: SnapshotRef;
  readonly evaluation: EvaluationReport;
  readonly gates: readonly GateResult[];
}

export interface LocalTrainingOptions {
  readonly data: string;
  readonly mapping?: string;
  readonly out: string;
  readonly seed?: number;
  readonly asOf?: string;
  readonly option?: Readonly<Record<string, unknown>>;
}

/** Trains on a folder of files, as the platform does on its database, and writes the artifact. */
export async function trainFromFiles(
  model: string,
  { data, mapping, out, seed = 1, asOf, option = {} }: LocalTrainingOptions,
  report: (progress: RunProgress) => void,
): Promise<LocalTraining> {
  const { trainer, ...tools } = await modelTools(model);
  await requireArtifactPlace(out, data);
  const source = await tools.source(data, mapping);
  return withScratchStore(async (store) => {
    const run = await trainLocally(trainer, source, { asOf: momentOf(asOf), seed, model: option }, { store, report });
    await writeNamed('artifact', out, run.artifact);
    const { snapshot, evaluation, gates } = run;
    return {
      model,
      artifact: out,
      digest: run.candidate.digest,
      snapshot,
      evaluation,
      gates,
      rejected: source.rejected,
      rejects: source.rejects,
    };
  });
}

/**
 * Refuses a place for an artifact where something else is, or that is among the data, before there is anything to write.
 * @throws OUTPUT_IS_INPUT, FILE_EXISTS, FILE_UNUSABLE
 */
async function requireArtifactPlace(out: string, data: string): Promise<void> {
  if (isWithin(data, out)) {
    throw cliError('OUTPUT_IS_INPUT', `${out} is within ${data}, which is read: name a place outside of it`, {
      file: out,
    });
  }
  if (existsSync(out) && !isArtifact(await readNamed('artifact', out))) {
    throw cliError(
      'FILE_EXISTS',
      `${out} is there already, and is no artifact that could be replaced: name another file`,
      {
        file: out,
      },
    );
  }
  await requireWritable('artifact', out);
}

function isArtifact(bytes: Uint8Array): boolean {
  try {
    readMetadata(bytes);
    return true;
  } catch (thrown) {
    if (isDomainError(thrown) && thrown.code === 'ARTIFACT_DAMAGED') return false;
    throw thrown;
  }
}

export interface LocalEvaluation extends Rejects {
  readonly model: string;
  readonly digest: string;
  readonly evaluation: EvaluationReport;
  readonly gates: readonly GateResult[];
}

/** Serves the held-out part of a folder of files with an artifact, and judges it by the gates of its model. */
export async function evaluateOnFiles(
  name: string,
  {
    model,
    data,
    mapping,
    asOf,
  }: { readonly model: string; readonly data: string; readonly mapping?: string; readonly asOf?: string },
): Promise<LocalEvaluation> {
  const tools = await modelTools(name);
  const { trainer } = tools;
  const { open, ref } = await openLocalModel(tools, model);
  await open.close();
  const source = await tools.source(data, mapping);
  const moment = momentOf(asOf);
  await tools.requireFit({ file: model, open }, { data, source }, moment);
  return withScratchStore(async (store) => {
    const snapshot = await storeSnapshot(trainer, source, moment, store);
    const read = await trainer.read(await store.path(snapshot.digest));
    const evaluated = await trainer.evaluate(await artifactBytes(model), read);
    const evaluation = evaluationReport(evaluated, null, 1);
    const gates = judgeGates(trainer.definition.gates, evaluation);
    const { rejected, rejects } = source;
    return { model: name, digest: ref.digest, evaluation, gates, rejected, rejects };
  });
}

/** @throws USAGE when the text is no moment */
export function momentOf(text: string | undefined): Date {
  const moment = text === undefined ? new Date() : new Date(text);
  if (!Number.isNaN(moment.getTime())) return moment;
  throw cliError('USAGE', `--as-of takes a moment such as 2025-03-31 or 2025-03-31T23:59:59Z, and "${text}" came`);
}

function withScratchStore<T>(work: (store: ReturnType<typeof contentStore>) => Promise<T>): Promise<T> {
  return inScratchFolder('local', (folder) => work(contentStore(folder)));
}
