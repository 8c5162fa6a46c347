/** Asks one thing that the app needs. Resolves when it is fine; rejects with a reason that may be shown to an operator. */
export type HealthCheck = () => Promise<void>;

export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly milliseconds: number;
}

export interface HealthReport {
  readonly ready: boolean;
  readonly checks: readonly CheckResult[];
}

/** What an app needs in order to serve: checks are registered by whoever owns the connection. */
export class Health {
  readonly #checks = new Map<string, HealthCheck>();
  readonly #draining = new AbortController();

  constructor(
    private readonly timeoutMs = 2_000,
    private readonly failed: (name: string, reason: unknown) => void = () => {},
  ) {}

  register(name: string, check: HealthCheck): void {
    this.#checks.set(name, check);
  }

  /** From now on the app is not ready, whatever the checks say. */
  drain(): void {
    this.#draining.abort();
  }

  /** Aborted when the app begins to close: whatever would go on for long ends itself then. */
  get draining(): AbortSignal {
    return this.#draining.signal;
  }

  /** Runs all checks at once; one that takes longer than the timeout counts as failed. Why is logged, not answered. */
  async ready(): Promise<HealthReport> {
    const checks = await Promise.all([...this.#checks].map(([name, check]) => this.#run(name, check)));
    return { ready: !this.draining.aborted && checks.every(({ ok }) => ok), checks };
  }

  async #run(name: string, check: HealthCheck): Promise<CheckResult> {
    const start = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${this.timeoutMs} ms`)), this.timeoutMs);
    });
    const ok = await Promise.race([check(), late]).then(
      () => true,
      (reason: unknown) => {
        this.failed(name, reason);
        return false;
      },
    );
    clearTimeout(timer);
    return { name, ok, milliseconds: Math.round(performance.now() - start) };
  }
}
