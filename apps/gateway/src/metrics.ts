import type { Registry } from 'prom-client';
import { subgraphMetrics } from './subgraph.metrics.ts';
import { subscriptionGauge } from './followed.subscriptions.ts';

/** What the gateway measures beside what every app does. Once a registry. */
export function appMetrics(registry: Registry) {
  return { ...subgraphMetrics(registry), subscriptions: subscriptionGauge(registry) };
}
