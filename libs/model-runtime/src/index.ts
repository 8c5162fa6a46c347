export * from './aliased.model.ts';
export * from './artifact.file.ts';
export * from './archived.models.ts';
export * from './artifact.ts';
export { goldenCases } from './golden.replay.ts';
export * from './open.model.ts';
export * from './runtime.errors.ts';
export * from './shadow.differences.ts';
export * from './shadow.model.ts';
