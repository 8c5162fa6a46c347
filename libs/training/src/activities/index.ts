export * from './inference.activities.ts';
export * from './training.activities.ts';
export * from './training.records.ts';
export * from './simulation.activities.ts';
