export * from './check.runs.ts';
export * from './temporal.access.ts';
export * from './temporal.connection.ts';
export * from './train.request.ts';
export * from './train.runs.ts';
export * from './worker.builds.ts';
