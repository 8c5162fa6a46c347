import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTraining, trainInput, type StartedRun, type TrainRequest } from '@haat/workflows/client';
import type { ScratchPlatform } from './scratch.platform.ts';
import { killWorker, type WorkerPlace } from './worker.process.ts';

/** Where models train: a platform with facts, and the worker that serves it now. */
export interface TrainingGround extends WorkerPlace {
  readonly platform: ScratchPlatform;
  /** What is trained, again and again. */
  readonly request: TrainRequest;
}

/** A run that nothing struck: what it made, and how long it and its fit took, ms. */
export interface UnbrokenRun {
  readonly digest: string;
  readonly milliseconds: number;
  readonly fitMilliseconds: number;
}

/** One run that was struck. */
export interface StruckRun {
  readonly runId: string;
  /** The step that the run was in when it was struck. */
  readonly step: string;
  readonly digest: string;
  /** Versions that it registered; one when all is well. */
  readonly versions: number;
}

/** Strikes a run that has just been started, and says whether it came in time: a run that was over has not been struck. */
export type TrainingFault = (
  ground: TrainingGround,
  run: StartedRun,
  unbroken: UnbrokenRun,
  moment: number,
) => Promise<{ readonly step: string } | null>;

/** Trains without a fault, and looks how long it takes. */
export async function trainUnbroken(ground: TrainingGround): Promise<UnbrokenRun> {
  const from = performance.now();
  const run = await start(ground, 'unbroken');
  const pid = await fitOf(ground, run);
  const fitFrom = performance.now();
  while (childrenOf(ground.worker.pid).includes(pid!)) await sleep(5);
  const fitMilliseconds = performance.now() - fitFrom;
  const { ref } = await run.result();
  return { digest: ref.digest, milliseconds: performance.now() - from, fitMilliseconds };
}

/** Kills the worker when `moment` of the time that a run takes has passed. */
export const workerKilled: TrainingFault = async (ground, run, { milliseconds }, moment) => {
  await sleep(moment * milliseconds);
  const step = await stepOf(ground, run);
  if (step !== null) await killWorker(ground);
  return step;
};

/** Kills the process that fits when `moment` of the time that a fit takes has passed. */
export const fitKilled: TrainingFault = async (ground, run, { fitMilliseconds }, moment) => {
  const pid = await fitOf(ground, run);
  if (pid === null) return null;
  await sleep(moment * fitMilliseconds);
  const step = await stepOf(ground, run);
  if (!childrenOf(ground.worker.pid).includes(pid)) return null;
  process.kill(pid, 'SIGKILL');
  return step;
};

/** Trains until a fault has come in time, and looks at what came of that run. Throws when the run does not complete. */
export async function trainUnderFault(
  ground: TrainingGround,
  key: string,
  { fault, unbroken, chance }: { fault: TrainingFault; unbroken: UnbrokenRun; chance: () => number },
): Promise<StruckRun> {
  for (let attempt = 1; ; attempt += 1) {
    const run = await start(ground, `${key}, attempt ${attempt}`);
    const struck = await fault(ground, run, unbroken, chance());
    const { ref } = await run.result();
    if (struck === null) continue;
    const versions = await ground.platform.registry.versions(ref.model, 1_000);
    const own = versions.filter(({ runId }) => runId === run.runId);
    return { runId: run.runId, step: struck.step, digest: ref.digest, versions: own.length };
  }
}

const start = ({ platform, request }: TrainingGround, idempotencyKey: string) =>
  startTraining(platform.temporal, trainInput({ ...request, idempotencyKey }, new Date()));

/** Where a run is; null when it has ended. */
async function stepOf({ platform }: TrainingGround, { runId }: StartedRun): Promise<{ step: string } | null> {
  const row = await platform.runs.read(runId).catch(() => null);
  if (row === null) return { step: 'queue' };
  return ['queued', 'running'].includes(row.state) ? { step: row.step ?? 'queue' } : null;
}

/** The process in which the worker fits; null when the run is over before one was seen. */
async function fitOf(ground: TrainingGround, run: StartedRun): Promise<number | null> {
  while ((await stepOf(ground, run)) !== null) {
    const [pid] = childrenOf(ground.worker.pid);
    if (pid !== undefined) return pid;
    await sleep(5);
  }
  return null;
}

/** Processes that a worker forked: it forks none but fits. */
function childrenOf(worker: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' });
  return table
    .split('\n')
    .map((line) => /^ *(\d+) +(\d+) +([^Z]\S*) .*fit\.child/.exec(line))
    .filter((found) => Number(found?.[2]) === worker)
    .map((found) => Number(found![1]));
}
