import { setTimeout as sleep } from 'node:timers/promises';
import { BackfillLog } from '@haat/data-access';
import { backfillInput, backfillResult, startBackfill, startUndo, undoInput } from '@haat/workflows/client';
import { backfillLosses, type BackfillLosses } from './backfill.losses.ts';
import { recommendationsDigest } from './recommendation.world.ts';
import type { ScratchPlatform } from './scratch.platform.ts';
import type { WorkerProcess } from './worker.process.ts';

/** What a fault strikes: the platform, and the worker that serves it now. */
export interface FaultGround {
  readonly platform: ScratchPlatform;
  worker: WorkerProcess;
  /** Starts another worker, which takes over from one that died. */
  readonly startWorker: () => Promise<WorkerProcess>;
  /** Products that are due for a backfill of all. */
  readonly products: number;
}

/** One fault; it returns when what it struck serves again. */
export type Fault = (ground: FaultGround) => Promise<void>;

/** Ends the worker by SIGKILL, in the middle of whatever it does. */
export const killWorker: Fault = async (ground) => {
  await ground.worker.end('SIGKILL');
  ground.worker = await ground.startWorker();
};

/** Ends PostgreSQL by SIGKILL, with all its sessions; it recovers from its log. */
export const killDatabase: Fault = ({ platform }) => platform.scratch.crash();

export interface FaultOutcome {
  readonly runId: string;
  /** Faults that struck before the backfill ended. */
  readonly struck: number;
  readonly losses: BackfillLosses;
  /** Whether undoing it gave every byte of the table back. */
  readonly undoneExactly: boolean;
}

export interface FaultPlan {
  readonly fault: Fault;
  readonly times: number;
  /** Numbers in [0, 1): when each fault strikes. */
  readonly chance: () => number;
  /** Longest wait before a fault, ms. */
  readonly withinMs: number;
  /** Strike while it is undone, too. */
  readonly duringUndo: boolean;
}

/** Backfills every product while faults strike at the moments that chance names, undoes it, and says what was lost. */
export async function backfillUnderFaults(ground: FaultGround, key: string, plan: FaultPlan): Promise<FaultOutcome> {
  const { platform, products } = ground;
  const before = await recommendationsDigest(platform.database);
  const input = backfillInput(
    { model: 'packaging/damage', selection: { which: 'all' }, chunkSize: 50, revision: key, idempotencyKey: key },
    new Date(),
  );
  await startBackfill(platform.temporal, input);
  const struck = await strike(ground, plan, input.runId);
  await backfillResult(platform.temporal, input.runId);
  const losses = await backfillLosses(platform.database, input.runId, products);

  const undo = undoInput({ of: input.runId, model: input.model, chunkSize: 50 });
  await startUndo(platform.temporal, undo);
  if (plan.duringUndo) await strike(ground, plan, undo.runId);
  await backfillResult(platform.temporal, undo.runId);
  const undoneExactly = (await recommendationsDigest(platform.database)) === before;
  return { runId: input.runId, struck, losses, undoneExactly };
}

/** Strikes at moments drawn by chance, and counts the strikes that came before the run's end. */
async function strike(ground: FaultGround, { fault, times, chance, withinMs }: FaultPlan, runId: string) {
  let struck = 0;
  for (let time = 0; time < times; time += 1) {
    await sleep(chance() * withinMs);
    const [backfill] = await new BackfillLog(ground.platform.database).readAll([runId]);
    if (backfill?.closedAt) break;
    await fault(ground);
    struck += 1;
  }
  return struck;
}
