import { HAAT } from '@haat/kit';
import type { RunProgress, RunState } from '@haat/workflows';

import { cliError } from '../cli.errors.ts';
import type { GatewayClient } from './gateway.client.ts';
import type { Metric } from './model.queries.ts';

/** How far the rows of a backfill or an undo are. */
export interface RunBackfill {
  readonly total: number;
  readonly done: number;
  readonly changed: number;
  readonly rowsPerSecond: number | null;
  readonly secondsLeft: number | null;
  readonly pausedAt: string | null;
  readonly dryRun: boolean;
  readonly undoes: string | null;
}

/** One run as the gateway shows it. */
export interface Run {
  readonly id: string;
  readonly model: string;
  readonly kind: string;
  readonly state: RunState;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly progress: (Omit<RunProgress, 'step' | 'message'> & { step: string; message: string | null }) | null;
  readonly steps: readonly { readonly step: string; readonly startedAt: string; readonly finishedAt: string | null }[];
  readonly metrics: readonly Metric[] | null;
  readonly version: { readonly id: string; readonly version: number; readonly digest: string } | null;
  readonly promoted: boolean;
  /** How a completed training ended, such as 'promoted' or 'rejected'. */
  readonly promotion: string | null;
  /** What people were asked, and answered. */
  readonly approval: {
    readonly state: string;
    readonly versionId: string;
    readonly deadline: string;
    readonly actor: string | null;
    readonly reason: string | null;
  } | null;
  /** Rows of a backfill or an undo; null for any other run. */
  readonly backfill: RunBackfill | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** What a run waits for, and what can be done about it: see `runDiagnosis`. */
export interface RunDiagnosis {
  readonly pending:
    | readonly {
        readonly step: string;
        readonly state: 'waiting' | 'running' | 'retrying';
        readonly attempt: number;
        readonly attemptsAtMost: number | null;
        readonly nextAttemptAt: string | null;
        readonly lastFailure: { readonly code: string; readonly message: string } | null;
      }[]
    | null;
  readonly advice: readonly string[] | null;
}

export interface RunEvent {
  readonly number: number;
  readonly at: string;
  readonly text: string;
}

export interface TrainRequest {
  readonly model: string;
  /** Options of the model itself. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  readonly asOf?: string;
  readonly promote?: boolean;
  readonly approval?: boolean;
  readonly idempotencyKey?: string;
}

export interface InferRequest {
  readonly model: string;
  /** Options of the model itself. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  readonly chains?: number;
  readonly asOf?: string;
  readonly idempotencyKey?: string;
}

export interface IngestRequest extends Omit<InferRequest, 'asOf'> {
  /** YYYY-MM-DD. */
  readonly day: string;
  /** In the store of artifacts. */
  readonly files: readonly { readonly name: string; readonly digest: string }[];
}

export interface SimulateRequest {
  readonly model: string;
  /** Options of the model itself. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  readonly seeds?: number;
  readonly idempotencyKey?: string;
}

/** What is asked of a run, whoever asks. */
export const runFields = `id model kind state startedAt endedAt
  progress { step fraction message }
  steps { step startedAt finishedAt }
  metrics { name value unit }
  version { id version digest }
  promoted promotion
  approval { state versionId deadline actor reason }
  backfill { total done changed rowsPerSecond secondsLeft pausedAt dryRun undoes }
  error { code message }`;

/** Starts a training run, or finds the one that was started with the same options, data and key. */
export async function startTraining(gateway: GatewayClient, request: TrainRequest): Promise<Run> {
  const { trainModel } = await gateway.ask<{ trainModel: Run }>(
    `mutation CliTrain($input: TrainModelInput!) { trainModel(input: $input) { ${runFields} } }`,
    { input: request },
  );
  return trainModel;
}

/** Starts a run of inference, or finds the one that was started with the same options, data and key. */
export async function startInference(gateway: GatewayClient, request: InferRequest): Promise<Run> {
  const { inferModel } = await gateway.ask<{ inferModel: Run }>(
    `mutation CliInfer($input: InferModelInput!) { inferModel(input: $input) { ${runFields} } }`,
    { input: request },
  );
  return inferModel;
}

/** Id of the run that `startIngestion` would start; what that refuses is refused, and nothing is started. */
export async function plannedIngestion(gateway: GatewayClient, request: IngestRequest): Promise<string> {
  const { ingestDayRun } = await gateway.ask<{ ingestDayRun: string }>(
    'query CliPlanIngest($input: IngestDayInput!) { ingestDayRun(input: $input) }',
    { input: request },
  );
  return ingestDayRun;
}

/** Starts a run that takes the files of a day in, or finds the one that was started with the same files and key. */
export async function startIngestion(gateway: GatewayClient, request: IngestRequest): Promise<Run> {
  const { ingestDay } = await gateway.ask<{ ingestDay: Run }>(
    `mutation CliIngest($input: IngestDayInput!) { ingestDay(input: $input) { ${runFields} } }`,
    { input: request },
  );
  return ingestDay;
}

/** Starts a simulation of policies, or finds the one that was started with the same options, version and key. */
export async function startSimulation(gateway: GatewayClient, request: SimulateRequest): Promise<Run> {
  const { simulatePolicy } = await gateway.ask<{ simulatePolicy: Run }>(
    `mutation CliSimulatePolicy($input: SimulatePolicyInput!) { simulatePolicy(input: $input) { ${runFields} } }`,
    { input: request },
  );
  return simulatePolicy;
}

/** @throws UNKNOWN_RUN */
export async function runOf(gateway: GatewayClient, id: string): Promise<Run> {
  const { run } = await gateway.ask<{ run: Run }>(`query CliRun($id: ID!) { run(id: $id) { ${runFields} } }`, { id });
  return run;
}

/** The newest runs, the newest first. */
export async function runsOf(
  gateway: GatewayClient,
  filter: { readonly first: number; readonly model?: string; readonly state?: RunState },
): Promise<readonly Run[]> {
  const { runs } = await gateway.ask<{ runs: { edges: readonly { readonly node: Run }[] } }>(
    `query CliRuns($first: Int!, $model: ID, $state: RunState) {
  runs(first: $first, model: $model, state: $state) { edges { node { ${runFields} } } }
}`,
    filter,
  );
  return runs.edges.map(({ node }) => node);
}

/** What a run waits for now, why, and what its operator can do. @throws UNKNOWN_RUN */
export async function diagnosisOf(gateway: GatewayClient, id: string): Promise<RunDiagnosis> {
  const { run } = await gateway.ask<{ run: RunDiagnosis }>(
    `query CliDiagnosis($id: ID!) {
  run(id: $id) { pending { step state attempt attemptsAtMost nextAttemptAt lastFailure { code message } } advice }
}`,
    { id },
  );
  return run;
}

/** Answers a run that waits for an approval. @throws UNKNOWN_RUN, NOT_AWAITING_APPROVAL, ALREADY_DECIDED */
export async function decidePromotion(
  gateway: GatewayClient,
  runId: string,
  decision: 'approve' | 'reject',
  reason: string,
): Promise<Run> {
  const { run } = await gateway.ask<{ run: Run }>(
    `mutation CliDecide($runId: ID!, $reason: String!) {
  run: ${decision}Promotion(runId: $runId, reason: $reason) { ${runFields} }
}`,
    { runId, reason },
  );
  return run;
}

/** What happened to a run after its event `after`, and the state that it is in. @throws UNKNOWN_RUN */
export async function eventsOf(
  gateway: GatewayClient,
  id: string,
  after: number,
): Promise<{ readonly state: RunState; readonly events: readonly RunEvent[] }> {
  const { run } = await gateway.ask<{ run: { state: RunState; events: readonly RunEvent[] } }>(
    `query CliEvents($id: ID!, $after: Int!) { run(id: $id) { state events(after: $after) { number at text } } }`,
    { id, after },
  );
  return run;
}

/** What an operator can ask of a run, by the name of the mutation. */
export type RunDeed = 'cancelRun' | 'pauseRun' | 'resumeRun' | 'retryRun';

/** Answers the run as it is then; a retry answers the run that tries again. @throws UNKNOWN_RUN and the deed's own */
export async function askOfRun(gateway: GatewayClient, deed: RunDeed, id: string): Promise<Run> {
  const answer = await gateway.ask<Record<RunDeed, Run>>(
    `mutation CliRunDeed($id: ID!) { ${deed}(id: $id) { ${runFields} } }`,
    { id },
  );
  return answer[deed];
}

/** Starts a run that computes the answer of a run of inference again and compares it, or finds the one of the same key. */
export async function replayRun(gateway: GatewayClient, id: string, key?: string): Promise<Run> {
  const { replayInference } = await gateway.ask<{ replayInference: Run }>(
    `mutation CliReplay($id: ID!, $key: String) { replayInference(runId: $id, idempotencyKey: $key) { ${runFields} } }`,
    { id, key },
  );
  return replayInference;
}

export function hasEnded({ state }: Pick<Run, 'state'>): boolean {
  return state !== 'queued' && state !== 'running';
}

/** A run that completed. @throws RUN_FAILED with the error that the run recorded. */
export function completed(run: Run): Run {
  if (run.state === 'completed') return run;
  const why = run.error === null ? '' : `: ${run.error.code}: ${run.error.message.replace(/\.$/, '')}`;
  throw cliError(
    'RUN_FAILED',
    `Run ${run.id} ${run.state}${why}. See it with: ${HAAT} runs show ${run.id}. The same request finds this run again: try once more with: ${HAAT} runs retry ${run.id}, or ask for another with --key TEXT`,
    {
      run: run.id,
      state: run.state,
      ...(run.error && { cause: run.error.code }),
    },
  );
}
