export { packagingConstants } from './packaging/packaging.constants.ts';
export * from './packaging/packaging.simulator.ts';
export * from './packaging/packaging.world.ts';
export * from './packaging/world.tables.ts';
export * from './packaging/world.writer.ts';
export * from './simulators.errors.ts';
