import { setTimeout as sleep } from 'node:timers/promises';
import { BackfillLog } from '@haat/data-access';
import { backfillInput, backfillResult, startBackfill, startUndo, undoInput } from '@haat/workflows/client';
import { backfillLosses, type BackfillLosses } from './backfill.losses.ts';
import { recommendationsDigest } from './recommendation.world.ts';
import type { ScratchPlatform } from './scratch.platform.ts';
import type { WorkerPlace } from './worker.process.ts';

/** What a fault strikes: the platform, and the worker that serves it now. */
export interface FaultGround extends WorkerPlace {
  readonly platform: ScratchPlatform;
  /** Products that are due for a backfill of all. */
  readonly products: number;
}

/** One fault; it returns when what it struck serves again. */
export type Fault = (ground: FaultGround) => Promise<void>;

/** Ends PostgreSQL by SIGKILL, with all its sessions; it recovers from its log. */
export const killDatabase: Fault = ({ platform }) => platform.scratch.crash();

export interface FaultOutcome {
  readonly runId: string;
  readonly losses: BackfillLosses;
  /** Whether undoing it gave every byte of the table back. */
  readonly undoneExactly: boolean;
}

export interface FaultPlan {
  readonly fault: Fault;
  /** Faults while it is backfilled, and again while it is undone. */
  readonly times: number;
  /** Numbers in [0, 1): how far the run is when each fault strikes. */
  readonly chance: () => number;
}

/** Slow enough that a run goes on while whoever strikes makes up his mind. */
const pace = { chunkSize: 100, rowsPerSecond: 1_000 };
/** Share of the rows by which the last fault has struck. */
const struckBy = 0.7;

/** Backfills every product while faults strike at the moments that chance names, undoes it, and says what was lost. */
export async function backfillUnderFaults(ground: FaultGround, key: string, plan: FaultPlan): Promise<FaultOutcome> {
  const { platform, products } = ground;
  const before = await recommendationsDigest(platform.database);
  const input = backfillInput(
    { model: 'packaging/damage', selection: { which: 'all' }, ...pace, revision: key },
    new Date(),
  );
  await startBackfill(platform.temporal, input);
  await strike(ground, plan, input.runId);
  await backfillResult(platform.temporal, input.runId);
  const losses = await backfillLosses(platform.database, input.runId, products);

  const undo = undoInput({ of: input.runId, model: input.model, ...pace });
  await startUndo(platform.temporal, undo);
  await strike(ground, plan, undo.runId);
  await backfillResult(platform.temporal, undo.runId);
  const undoneExactly = (await recommendationsDigest(platform.database)) === before;
  return { runId: input.runId, losses, undoneExactly };
}

/** Strikes when the run has come as far as chance names, each time further. */
async function strike(ground: FaultGround, { fault, times, chance }: FaultPlan, runId: string): Promise<void> {
  const backfills = new BackfillLog(ground.platform.database);
  let share = 0;
  for (let time = 0; time < times; time += 1) {
    share += chance() * (struckBy - share);
    for (;;) {
      const [run] = await backfills.readAll([runId]);
      if (run && run.done >= share * run.total) break;
      await sleep(10);
    }
    await fault(ground);
  }
}
