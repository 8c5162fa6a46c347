import type { DomainTools } from '../domain.tools.ts';

export const packagingTools: DomainTools = {
  migrations: async () => (await import('@haat/packaging/store')).packagingMigrations,
  imports: async () => (await import('./packaging.exchange.ts')).packagingImport,
  exports: async () => (await import('./packaging.exchange.ts')).packagingExport,
  simulation: async () => (await import('./packaging.simulation.ts')).addPackagingSimulation,
  models: { 'packaging/damage': async () => (await import('./damage.tools.ts')).damageTools },
  demo: async () => (await import('./packaging.demo.ts')).packagingDemo,
};
