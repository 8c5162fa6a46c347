import type { DomainTools } from '../domain.tools.ts';

/** Facts of risk do not leave: there is no export. */
export const riskTools: DomainTools = {
  migrations: async () => (await import('@haat/risk/store')).riskMigrations,
  imports: async () => (await import('./risk.imports.ts')).riskImport,
  simulation: async () => (await import('./risk.simulation.ts')).addRiskSimulation,
  models: { 'risk/transmission': async () => (await import('./transmission.tools.ts')).transmissionTools },
  demo: async () => (await import('./risk.demo.ts')).riskDemo,
};
