export * from './damage.data.ts';
export * from './damage.evaluation.ts';
export * from './damage.fit.ts';
export { damageReference } from './damage.snapshot.ts';
export * from './damage.trainer.ts';
export * from './design.matrix.ts';
export * from './ordered.design.ts';
export * from './ordered.fit.ts';
export * from './ordered.objective.ts';
