export * from './activity.options.ts';
export * from './backfill.contract.ts';
export * from './backfill.workflow.ts';
export { chunkProgress, pauseSignal, resumeSignal } from './chunked.run.ts';
export * from './failure.mapping.ts';
export * from './payload.converter.ts';
export * from './train.contract.ts';
export * from './train.workflow.ts';
export * from './workflows.errors.ts';
