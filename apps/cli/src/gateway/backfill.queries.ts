import type { GatewayClient } from './gateway.client.ts';
import { runFields, type Run } from './run.queries.ts';

/** How a run goes through its rows. */
export interface PaceWish {
  readonly chunkSize?: number;
  readonly concurrency?: number;
  readonly rowsPerSecond?: number;
}

export interface BackfillRequest extends PaceWish {
  readonly model: string;
  readonly selection?: Readonly<Record<string, unknown>>;
  readonly asOf?: string;
  readonly dryRun?: boolean;
  readonly canary?: number;
  readonly seed?: number;
  readonly idempotencyKey?: string;
}

export interface UndoRequest extends PaceWish {
  readonly run: string;
  readonly force: boolean;
  readonly reason?: string;
  readonly idempotencyKey?: string;
}

/** What a backfill or an undo changes. */
export interface ChangeReport {
  readonly moves: readonly {
    readonly before: string | null;
    readonly after: string | null;
    readonly rows: number;
    readonly examples: readonly string[];
    readonly measures: readonly { readonly name: string; readonly before: number; readonly after: number }[];
  }[];
  readonly kept: readonly { readonly reason: string; readonly rows: number; readonly examples: readonly string[] }[];
}

/** Starts a backfill, or finds the one that was started with the same wish, data and key. */
export async function startBackfill(gateway: GatewayClient, input: BackfillRequest): Promise<Run> {
  const { startBackfill: run } = await gateway.ask<{ startBackfill: Run }>(
    `mutation CliBackfill($input: StartBackfillInput!) { startBackfill(input: $input) { ${runFields} } }`,
    { input },
  );
  return run;
}

/** Starts the undo of a backfill, or finds it. @throws UNKNOWN_RUN */
export async function undoBackfill(gateway: GatewayClient, request: UndoRequest): Promise<Run> {
  const { undoBackfill: run } = await gateway.ask<{ undoBackfill: Run }>(
    `mutation CliUndo($run: ID!, $force: Boolean!, $reason: String, $idempotencyKey: String, $chunkSize: Int, $concurrency: Int, $rowsPerSecond: Float) {
  undoBackfill(run: $run, force: $force, reason: $reason, idempotencyKey: $idempotencyKey, chunkSize: $chunkSize, concurrency: $concurrency, rowsPerSecond: $rowsPerSecond) { ${runFields} }
}`,
    { ...request },
  );
  return run;
}

/** What a run changes, or in a dry run would change; null for a run that has no rows. @throws UNKNOWN_RUN */
export async function reportOf(gateway: GatewayClient, id: string): Promise<ChangeReport | null> {
  const { run } = await gateway.ask<{ run: { backfill: { report: ChangeReport } | null } }>(
    `query CliDiff($id: ID!) {
  run(id: $id) { backfill { report {
    moves { before after rows examples measures { name before after } }
    kept { reason rows examples }
  } } }
}`,
    { id },
  );
  return run.backfill?.report ?? null;
}
