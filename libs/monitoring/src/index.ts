export * from './drift/binned.sample.ts';
export * from './drift/column.bins.ts';
export * from './drift/drift.profile.ts';
export * from './drift/population.stability.ts';
export * from './monitored.model.ts';
