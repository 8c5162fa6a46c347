export * from './training.activities.ts';
export * from './training.records.ts';
