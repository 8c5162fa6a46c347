import type { RunProgress, RunState } from '@haat/workflows';

import { cliError } from '../cli.errors.ts';
import type { GatewayClient } from './gateway.client.ts';
import type { Metric } from './model.queries.ts';

/** One run as the gateway shows it. */
export interface Run {
  readonly id: string;
  readonly model: string;
  readonly state: RunState;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly progress: (Omit<RunProgress, 'step' | 'message'> & { step: string; message: string | null }) | null;
  readonly steps: readonly { readonly step: string; readonly startedAt: string; readonly finishedAt: string | null }[];
  readonly metrics: readonly Metric[] | null;
  readonly version: { readonly id: string; readonly version: number; readonly digest: string } | null;
  readonly promoted: boolean;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface TrainRequest {
  readonly model: string;
  /** Options of the model itself. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  readonly asOf?: string;
  readonly promote?: boolean;
  readonly idempotencyKey?: string;
}

/** What is asked of a run, whoever asks. */
export const runFields = `id model state startedAt endedAt
  progress { step fraction message }
  steps { step startedAt finishedAt }
  metrics { name value unit }
  version { id version digest }
  promoted
  error { code message }`;

/** Starts a training run, or finds the one that was started with the same options, data and key. */
export async function startTraining(gateway: GatewayClient, request: TrainRequest): Promise<Run> {
  const { trainModel } = await gateway.ask<{ trainModel: Run }>(
    `mutation CliTrain($input: TrainModelInput!) { trainModel(input: $input) { ${runFields} } }`,
    { input: request },
  );
  return trainModel;
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

/** Asks a run to stop; it has stopped when its state says so. @throws UNKNOWN_RUN */
export async function cancelRun(gateway: GatewayClient, id: string): Promise<Run> {
  const { cancelRun: run } = await gateway.ask<{ cancelRun: Run }>(
    `mutation CliCancel($id: ID!) { cancelRun(id: $id) { ${runFields} } }`,
    { id },
  );
  return run;
}

export function hasEnded({ state }: Run): boolean {
  return state !== 'queued' && state !== 'running';
}

/** A run that completed. @throws RUN_FAILED with the error that the run recorded. */
export function completed(run: Run): Run {
  if (run.state === 'completed') return run;
  const why = run.error === null ? '' : `: ${run.error.code}: ${run.error.message}`;
  throw cliError('RUN_FAILED', `Run ${run.id} ${run.state}${why}. See it with: haat runs show ${run.id}`, {
    run: run.id,
    state: run.state,
    ...(run.error && { cause: run.error.code }),
  });
}
