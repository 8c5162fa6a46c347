export * from './damage.data.ts';
export * from './ordered.design.ts';
export * from './ordered.fit.ts';
export * from './ordered.objective.ts';
