export * from './cost.table.ts';
export * from './exact.plan.ts';
export * from './frontier.ts';
export * from './lower.hulls.ts';
export * from './plan.ts';
export * from './plan.types.ts';
export * from './switching.prices.ts';
