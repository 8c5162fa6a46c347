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
  readonly #needs: (readonly [name: string, check: HealthCheck][])[] = [];
  readonly #draining = new AbortController();

  constructor(
    private readonly timeoutMs = 2_000,
    private readonly failed: (name: string, reason: unknown) => void = () => {},
  ) {}

  register(name: string, check: HealthCheck): void {
    this.registerOneOf({ [name]: check });
  }

  /** What can stand in for one another: the app is ready while one of them is fine. Each is reported by its name. */
  registerOneOf(checks: Readonly<Record<string, HealthCheck>>): void {
    this.#needs.push(Object.entries(checks));
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
    const needs = await Promise.all(
      this.#needs.map((some) => Promise.all(some.map(([name, check]) => this.#run(name, check)))),
    );
    const ready = !this.draining.aborted && needs.every((some) => some.some(({ ok }) => ok));
    return { ready, checks: needs.flat() };
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
