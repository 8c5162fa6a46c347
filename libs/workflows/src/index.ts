export * from './activity.options.ts';
export * from './check.contract.ts';
export * from './check.workflow.ts';
export * from './failure.mapping.ts';
export * from './payload.converter.ts';
export * from './train.contract.ts';
export * from './train.workflow.ts';
export * from './workflows.errors.ts';
