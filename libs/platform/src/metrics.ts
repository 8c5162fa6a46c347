import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

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

  readonly staleFacts = new Counter({
    name: 'haat_stale_facts_total',
    help: 'Entities that were answered from facts older than their feature view allows',
    labelNames: ['view'] as const,
    registers: [this.registry],
  });

  constructor(app: string) {
    this.registry.setDefaultLabels({ app });
    collectDefaultMetrics({ register: this.registry });
  }

  /** Notes one run of a served graph over `rows` rows. */
  modelRun(run: { model: string; version: number; rows: number; seconds: number }): void {
    const labels = { model: run.model, version: String(run.version) };
    this.modelRuns.inc(labels);
    this.modelRows.inc(labels, run.rows);
    this.modelSeconds.observe({ model: run.model }, run.seconds);
  }
}
