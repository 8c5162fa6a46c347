import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

interface ShadowRows {
  readonly model: string;
  readonly champion: number;
  readonly shadow: number;
  readonly rows: number;
  readonly differing: number;
  readonly dropped: number;
  readonly failed: number;
  readonly largest: number;
}

/** What an app measures of itself, for Prometheus. One registry an app. */
export class Metrics {
  readonly registry = new Registry();

  /** Time from a GraphQL operation's arrival to its answer. `operation` is `query product`: kind and root fields, never a client's text. */
  readonly requests = new Histogram({
    name: 'haat_request_seconds',
    help: 'Duration of GraphQL operations by kind and root fields, and outcome',
    labelNames: ['operation', 'outcome'] as const,
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    registers: [this.registry],
  });

  readonly errors = new Counter({
    name: 'haat_errors_total',
    help: 'Errors that were answered, by code',
    labelNames: ['code'] as const,
    registers: [this.registry],
  });

  readonly modelRuns = new Counter({
    name: 'haat_model_runs_total',
    help: 'Runs of a served graph (one run scores a whole batch)',
    labelNames: ['model', 'version'] as const,
    registers: [this.registry],
  });

  readonly modelRows = new Counter({
    name: 'haat_model_rows_total',
    help: 'Rows that served graphs scored',
    labelNames: ['model', 'version'] as const,
    registers: [this.registry],
  });

  readonly modelSeconds = new Histogram({
    name: 'haat_model_run_seconds',
    help: 'Duration of one run of a served graph',
    labelNames: ['model'] as const,
    buckets: [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1],
    registers: [this.registry],
  });

  readonly modelErrors = new Counter({
    name: 'haat_model_errors_total',
    help: 'Runs of a served graph that failed',
    labelNames: ['model', 'version'] as const,
    registers: [this.registry],
  });

  readonly modelSwaps = new Counter({
    name: 'haat_model_swaps_total',
    help: 'Versions that an alias came to stand for and that were taken up (serving) or could not prove themselves (refused)',
    labelNames: ['model', 'alias', 'outcome'] as const,
    registers: [this.registry],
  });

  readonly staleFacts = new Counter({
    name: 'haat_stale_facts_total',
    help: 'Entities that were answered from facts older than their feature view allows',
    labelNames: ['view'] as const,
    registers: [this.registry],
  });

  readonly shadowRows = new Counter({
    name: 'haat_shadow_rows_total',
    help: 'Rows that a champion answered while a shadow was set, by what became of them: same, differs, dropped, failed',
    labelNames: ['model', 'champion', 'shadow', 'outcome'] as const,
    registers: [this.registry],
  });

  readonly shadowLargest = new Gauge({
    name: 'haat_shadow_largest_difference',
    help: "Largest absolute difference between a shadow's and the champion's answers since the app started",
    labelNames: ['model', 'champion', 'shadow'] as const,
    registers: [this.registry],
  });

  private readonly largest = new Map<string, number>();

  readonly #build = new Gauge({
    name: 'haat_build_info',
    help: 'Always 1; what runs stands in the labels',
    labelNames: ['revision', 'node'] as const,
    registers: [this.registry],
  });

  constructor(app: string, revision = 'unknown') {
    this.registry.setDefaultLabels({ app });
    this.#build.set({ revision, node: process.versions.node }, 1);
    collectDefaultMetrics({ register: this.registry });
  }

  /** Notes one run of a served graph over `rows` rows. */
  modelRun(run: { model: string; version: number; rows: number; seconds: number }): void {
    const labels = { model: run.model, version: String(run.version) };
    this.modelRuns.inc(labels);
    this.modelRows.inc(labels, run.rows);
    this.modelSeconds.observe({ model: run.model }, run.seconds);
  }

  /** Notes one run of a served graph that failed. */
  modelRunFailed({ model, version }: { model: string; version: number }): void {
    this.modelErrors.inc({ model, version: String(version) });
  }

  /** Notes what became of rows that a shadow was to answer beside the champion. */
  shadowOutcome({ model, champion, shadow, rows, differing, dropped, failed, largest }: ShadowRows): void {
    const labels = { model, champion: String(champion), shadow: String(shadow) };
    const counts = { same: rows - differing, differs: differing, dropped, failed };
    for (const [outcome, count] of Object.entries(counts)) this.shadowRows.inc({ ...labels, outcome }, count);
    const key = Object.values(labels).join(' ');
    const most = Math.max(this.largest.get(key) ?? 0, largest);
    this.largest.set(key, most);
    this.shadowLargest.set(labels, most);
  }
}
