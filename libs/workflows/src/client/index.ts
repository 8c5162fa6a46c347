export * from './backfill.request.ts';
export * from './backfill.runs.ts';
export { cancelRun, describeRun, pauseRun, type RunDescription } from './run.execution.ts';
export * from './temporal.connection.ts';
export * from './train.request.ts';
export * from './train.runs.ts';
