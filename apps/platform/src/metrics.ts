import type { DriftedFeature, DriftLog, DriftProfile } from '@haat/data-access';
import { Gauge, type Registry } from 'prom-client';

/** Where no drift was ever measured. */
const noDrift: Pick<DriftLog, 'newest'> = { newest: () => Promise.resolve([]) };

/**
 * What the app measures beside what every app does: the newest drift profile of every model, as it is stored, whenever somebody
 * looks, one read a look. Once a registry.
 */
export function appMetrics(registry: Registry, drift = noDrift): void {
  let reading: Promise<readonly DriftProfile[]> | undefined;
  const newest = () => (reading ??= drift.newest().finally(() => (reading = undefined)));
  const show = (name: string, help: string, valueOf: (feature: DriftedFeature) => number | null) =>
    new Gauge({
      name,
      help,
      labelNames: ['model', 'feature'] as const,
      registers: [registry],
      async collect() {
        const profiles = await newest();
        this.reset();
        for (const { model, features } of profiles) {
          for (const one of features) {
            const value = valueOf(one);
            if (value !== null) this.set({ model, feature: one.feature }, value);
          }
        }
      },
    });
  show(
    'haat_drift_psi',
    'Population stability index of a feature on the newest day that was profiled',
    ({ psi }) => psi,
  );
  show(
    'haat_drift_threshold',
    'What the stability index of a feature stays below without drift, at its newest sample size',
    ({ threshold }) => threshold,
  );
  show(
    'haat_drifted',
    '1 where the newest profile of a feature is beyond chance, by its values or its missing share',
    ({ drifted }) => Number(drifted),
  );
}
