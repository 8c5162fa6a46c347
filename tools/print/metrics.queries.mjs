/** A question that each metric answers, as PromQL for Grafana or Prometheus. The page fails to print where one is missing, or asks for nothing. */
export const metricQueries = {
  haat_request_seconds: {
    asks: 'How long does the slowest hundredth of each operation take?',
    query: 'histogram_quantile(0.99, sum by (app, operation, le) (rate(haat_request_seconds_bucket[5m])))',
  },
  haat_errors_total: {
    asks: 'Which errors are answered, how many a second?',
    query: 'sum by (app, code) (rate(haat_errors_total[5m]))',
  },
  haat_model_runs_total: {
    asks: 'How many runs a second does each version make?',
    query: 'sum by (model, version) (rate(haat_model_runs_total[5m]))',
  },
  haat_model_rows_total: {
    asks: 'How many rows does one run score (batching)?',
    query: 'sum by (model) (rate(haat_model_rows_total[5m])) / sum by (model) (rate(haat_model_runs_total[5m]))',
  },
  haat_model_run_seconds: {
    asks: 'How long does a run take, at the median?',
    query: 'histogram_quantile(0.5, sum by (model, le) (rate(haat_model_run_seconds_bucket[5m])))',
  },
  haat_model_errors_total: {
    asks: 'Does a version fail? Anything above 0 calls for a rollback.',
    query: 'sum by (model, version) (increase(haat_model_errors_total[15m])) > 0',
  },
  haat_model_swaps_total: {
    asks: 'Was a promoted or shadowing version refused?',
    query: 'sum by (model, alias) (increase(haat_model_swaps_total{outcome="refused"}[1h])) > 0',
  },
  haat_stale_facts_total: {
    asks: 'Which facts are older than their view allows, how many entities a second?',
    query: 'sum by (view) (rate(haat_stale_facts_total[5m])) > 0',
  },
  haat_shadow_rows_total: {
    asks: 'What share of rows does a shadow answer differently?',
    query:
      'sum by (model, shadow) (rate(haat_shadow_rows_total{outcome="differs"}[15m])) / sum by (model, shadow) (rate(haat_shadow_rows_total{outcome=~"same|differs"}[15m]))',
  },
  haat_shadow_largest_difference: {
    asks: 'How far apart were shadow and champion at the most?',
    query: 'max by (model, champion, shadow) (haat_shadow_largest_difference)',
  },
  haat_drift_psi: {
    asks: 'How near to drift is each feature (1 is the threshold)?',
    query: 'max by (model, feature) (haat_drift_psi) / max by (model, feature) (haat_drift_threshold)',
  },
  haat_drift_threshold: {
    asks: 'Which features have too small a sample to tell drift (a high threshold)?',
    query: 'topk(5, max by (model, feature) (haat_drift_threshold))',
  },
  haat_drifted: {
    asks: 'Which features have drifted?',
    query: 'max by (model, feature) (haat_drifted) == 1',
  },
  haat_build_info: {
    asks: 'What runs where?',
    query: 'count by (app, revision, node) (haat_build_info)',
  },
  haat_subgraph_seconds: {
    asks: 'How long does each subgraph take, at the 95th percentile?',
    query: 'histogram_quantile(0.95, sum by (subgraph, le) (rate(haat_subgraph_seconds_bucket[5m])))',
  },
  haat_subgraph_failures_total: {
    asks: 'What share of requests to a subgraph has no answer?',
    query:
      'sum by (subgraph) (rate(haat_subgraph_failures_total[5m])) / sum by (subgraph) (rate(haat_subgraph_seconds_count[5m]))',
  },
  haat_subscriptions: {
    asks: 'How many subscriptions does each gateway follow?',
    query: 'max by (instance) (haat_subscriptions)',
  },
  haat_step_seconds: {
    asks: 'Which steps of workflows fail?',
    query: 'sum by (step) (rate(haat_step_seconds_count{outcome="failed"}[15m])) > 0',
  },
};
