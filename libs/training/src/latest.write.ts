export interface LatestWrite<T> {
  readonly push: (value: T) => void;
  /** Resolves when the newest is written. */
  readonly settled: () => Promise<void>;
}

/**
 * Writes one at a time; what comes while a write is under way waits, and only the newest of it is written. A write that fails is
 * told to `onFailure` and forgotten: the next one says more, and the work goes on.
 */
export function latestWrite<T>(
  write: (value: T) => Promise<void>,
  onFailure: (failure: unknown) => void,
): LatestWrite<T> {
  let waiting: readonly [T] | undefined;
  let writing: Promise<void> | undefined;
  const drain = async () => {
    while (waiting !== undefined) {
      const [next] = waiting;
      waiting = undefined;
      await write(next).catch(onFailure);
    }
    writing = undefined;
  };
  return {
    push(value) {
      waiting = [value];
      writing ??= drain();
    },
    settled: async () => writing,
  };
}
