export * from './damage.scoring.ts';
export * from './damage.service.ts';
export * from './packaging.planner.ts';
export * from './plan.limit.ts';
export * from './planning.table.ts';
export * from './prediction.recorder.ts';
export * from './recommendation.ts';
export * from './served.model.ts';
