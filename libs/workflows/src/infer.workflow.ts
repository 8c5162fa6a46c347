import { proxyActivities } from '@temporalio/workflow';
import { closingStep, computeStep, controlStep, dataStep } from './activity.options.ts';
import type {
  InferActivities,
  InferInput,
  InferResult,
  InferStep,
  IngestInput,
  IngestResult,
  ReplayInput,
  SampleInput,
  StatedProblem,
} from './infer.contract.ts';
import { framedRun } from './run.frame.ts';
import type { Metrics } from './train.contract.ts';

const control = proxyActivities<InferActivities>(controlStep);
const data = proxyActivities<InferActivities>(dataStep);
const compute = proxyActivities<InferActivities>(computeStep);
const closing = proxyActivities<InferActivities>(closingStep);

/** Infers what a sampler says of everything observed. The number of workers changes when it is done, and nothing else. */
export function inferModel(input: InferInput | ReplayInput): Promise<InferResult> {
  return inferenceRun('infer', input, async (begin) => {
    await begin('state');
    const problem = await data.stateProblem(input);
    return { ...problem, metrics: await sampled(input, problem, begin) };
  });
}

/** Takes the files of a day in, and infers what they change: from where the inference before ended. */
export function ingestDay(input: IngestInput): Promise<IngestResult> {
  return inferenceRun('ingest', input, async (begin) => {
    await begin('import');
    const imported = await data.importDay(input);
    await begin('state');
    const { unchanged, metrics: told, ...problem } = await data.stateDay(input);
    const { accepted, changed, rejected } = imported;
    const rows = { accepted_rows: accepted, imported_rows: changed, rejected_rows: rejected, ...told };
    const metrics = unchanged ? { recomputed_persons: 0 } : await sampled(input, problem, begin);
    return { ...problem, imported, metrics: { ...rows, ...metrics } };
  });
}

type Begin = (step: InferStep) => Promise<void>;

/** What all chains of a problem say, as numbers. */
async function sampled(input: SampleInput, problem: StatedProblem, begin: Begin): Promise<Metrics> {
  await begin('sample');
  const chains = await Promise.all(
    Array.from({ length: input.options.chains }, (_, chain) => compute.runChain({ ...input, ...problem, chain })),
  );
  await begin('pool');
  return data.poolChains({ ...input, ...problem, chains });
}

function inferenceRun<Result extends InferResult>(
  kind: 'infer' | 'ingest',
  input: SampleInput,
  work: (begin: Begin) => Promise<Result>,
): Promise<Result> {
  const { runId, model } = input;
  return framedRun<Result>(
    {
      open: () => control.openInference({ ...input, kind }),
      complete: (result) => closing.completeInference({ runId, result }),
      fail: (failure) => closing.failInference({ runId, model, ...failure }),
    },
    () => work((step) => control.beginInferStep({ runId, model, step })),
  );
}
