import type { SkewReport } from '@haat/kit';
import type {
  CheckKind,
  CheckInput,
  DriftInput,
  DriftOptions,
  DriftResult,
  SkewInput,
  SkewOptions,
} from '../check.contract.ts';
import { auditSkew, profileDrift } from '../check.workflow.ts';
import { workflowError } from '../workflows.errors.ts';
import { failureOf } from './run.failures.ts';
import { runIdOf } from './run.identity.ts';
import { startOnce } from './run.start.ts';
import type { Temporal } from './temporal.connection.ts';

export interface StartedCheck<Result> {
  readonly runId: string;
  /** False when the same run was started before: it is that run that `result` speaks of. */
  readonly started: boolean;
  /** Waits for the end. Errors: the code that the run failed with, such as SKEW_FOUND; RUN_CANCELLED. */
  result(): Promise<Result>;
}

/** A wish for a check, before it has an id. */
export interface CheckRequest<Options> {
  readonly model: string;
  readonly options?: Partial<Options>;
  /** Says that a repeat of an identical run is wanted. */
  readonly idempotencyKey?: string;
}

const skewDefaults = { rows: 2_000, seed: 1 };
const driftDefaults = { rows: 50_000, seed: 1, falseAlarms: 0.001 };
const DAY_MS = 86_400_000;

/** An audit of the 24 hours before `now`, unless the wish says otherwise. Equal wishes of one minute have one id. */
export function skewInput({ model, options = {}, idempotencyKey }: CheckRequest<SkewOptions>, now: Date): SkewInput {
  const minute = new Date(now.getTime() - (now.getTime() % 60_000) + 60_000);
  const to = options.to ?? minute.toISOString();
  const from = options.from ?? new Date(Date.parse(to) - DAY_MS).toISOString();
  return withId('skew', { model, options: { ...skewDefaults, ...options, from, to } }, idempotencyKey);
}

/** A profile of the day before `now` (UTC), unless the wish names another. Equal wishes have one id. */
export function driftInput({ model, options = {}, idempotencyKey }: CheckRequest<DriftOptions>, now: Date): DriftInput {
  const day = options.day ?? new Date(now.getTime() - DAY_MS).toISOString().slice(0, 10);
  const today = now.toISOString().slice(0, 10);
  if (day >= today) {
    throw workflowError('DAY_NOT_OVER', `${model}: ${day} is not over, it is ${today} (UTC): ask for a day before it`, {
      model,
      day,
      today,
    });
  }
  return withId('drift', { model, options: { ...driftDefaults, ...options, day } }, idempotencyKey);
}

export async function startSkewAudit(temporal: Temporal, input: SkewInput): Promise<StartedCheck<SkewReport>> {
  const started = await startOnce(temporal, auditSkew, input, `Audit the skew of ${input.model}`);
  return { runId: input.runId, started, result: () => resultOf(temporal, auditSkew, input.runId) };
}

export async function startDriftProfile(temporal: Temporal, input: DriftInput): Promise<StartedCheck<DriftResult>> {
  const started = await startOnce(temporal, profileDrift, input, `Profile the drift of ${input.model}`);
  return { runId: input.runId, started, result: () => resultOf(temporal, profileDrift, input.runId) };
}

function withId<Options>(
  kind: CheckKind,
  { model, options }: Omit<CheckInput<Options>, 'runId'>,
  idempotencyKey: string | null = null,
): CheckInput<Options> {
  return { runId: runIdOf(kind, model, { model, options, idempotencyKey }), model, options };
}

async function resultOf<Input, Result>(
  temporal: Temporal,
  _workflow: (input: Input) => Promise<Result>,
  runId: string,
): Promise<Result> {
  try {
    return await temporal.client.workflow.getHandle<(input: Input) => Promise<Result>>(runId).result();
  } catch (caught) {
    throw failureOf(caught, runId);
  }
}
