import { Histogram, type Registry } from 'prom-client';

/** What the worker measures beside what every app does. Once a registry. */
export function appMetrics(registry: Registry) {
  const seconds = new Histogram({
    name: 'haat_step_seconds',
    help: 'Duration of the steps of workflows, by step and outcome; each attempt counts',
    labelNames: ['step', 'outcome'] as const,
    buckets: [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800],
    registers: [registry],
  });
  return { seconds };
}
