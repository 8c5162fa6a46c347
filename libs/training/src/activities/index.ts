export * from './training.activities.ts';
