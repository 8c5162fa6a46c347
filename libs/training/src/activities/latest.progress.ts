import type { FitProgress } from '../trainer.ts';

export interface LatestProgress {
  readonly push: (progress: FitProgress) => void;
  /** Resolves when the newest progress is written. */
  readonly settled: () => Promise<void>;
}

/**
 * Writes progress one at a time; what comes while a write is under way waits, and only the newest of it is written. A write
 * that fails is told to `onFailure` and forgotten: progress is for people, the work goes on.
 */
export function latestProgress(
  write: (progress: FitProgress) => Promise<void>,
  onFailure: (failure: unknown) => void,
): LatestProgress {
  let waiting: FitProgress | undefined;
  let writing: Promise<void> | undefined;
  const drain = async () => {
    while (waiting !== undefined) {
      const next = waiting;
      waiting = undefined;
      await write(next).catch(onFailure);
    }
    writing = undefined;
  };
  return {
    push(progress) {
      waiting = progress;
      writing ??= drain();
    },
    settled: async () => writing,
  };
}
