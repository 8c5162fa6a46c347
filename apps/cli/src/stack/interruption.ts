const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Exit status of a program that a second signal ended. */
const ENDED_AT_ONCE = 1;

export interface Interruption {
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
  /** Resolves when that happens. */
  readonly happened: Promise<void>;
  /** Gives the signals back. */
  dispose(): void;
}

/**
 * Takes the signals that ask this process to end. The first asks for an end in good order; the second ends the process at
 * once (the guard then stops what is left).
 */
export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  const happened = new Promise<void>((resolve) => controller.signal.addEventListener('abort', () => resolve()));
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(ENDED_AT_ONCE);
    controller.abort();
  };
  for (const name of signals) process.on(name, interrupt);
  return {
    signal: controller.signal,
    happened,
    dispose: () => signals.forEach((name) => process.off(name, interrupt)),
  };
}
