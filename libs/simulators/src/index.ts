export * from './packaging/packaging.simulator.ts';
export * from './packaging/packaging.world.ts';
export * from './packaging/world.writer.ts';
