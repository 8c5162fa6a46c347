export * from './check.activities.ts';
