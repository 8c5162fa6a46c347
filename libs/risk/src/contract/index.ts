export * from './crisp.case.ts';
export * from './default.parameters.ts';
export * from './observation.rows.ts';
export * from './problem.check.ts';
export * from './risk.errors.ts';
export * from './risk.parameters.ts';
export * from './risk.posterior.ts';
export * from './risk.problem.ts';
