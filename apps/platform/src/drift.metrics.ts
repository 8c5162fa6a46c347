import type { DriftLog } from '@haat/data-access';
import type { Metrics } from '@haat/platform';
import { Gauge } from 'prom-client';

/** Shows the newest drift profile of every model, as it is stored, whenever somebody looks. */
export function exportDrift(drift: Pick<DriftLog, 'newest'>, { registry }: Pick<Metrics, 'registry'>): void {
  const labelNames = ['model', 'feature'] as const;
  const shared = { labelNames, registers: [registry] };
  const threshold = new Gauge({
    name: 'haat_drift_threshold',
    help: 'What the stability index of a feature stays below without drift, at its newest sample size',
    ...shared,
  });
  const drifted = new Gauge({
    name: 'haat_drifted',
    help: '1 where the newest profile of a feature is beyond chance, by its values or its missing share',
    ...shared,
  });
  new Gauge({
    name: 'haat_drift_psi',
    help: 'Population stability index of a feature on the newest day that was profiled',
    ...shared,
    async collect() {
      for (const gauge of [this, threshold, drifted]) gauge.reset();
      for (const { model, features } of await drift.newest()) {
        for (const { feature, psi, threshold: limit, drifted: alarm } of features) {
          this.set({ model, feature }, psi);
          if (limit !== null) threshold.set({ model, feature }, limit);
          drifted.set({ model, feature }, Number(alarm));
        }
      }
    },
  });
}
