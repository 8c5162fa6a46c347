export * from './artifact.file.ts';
export * from './archived.models.ts';
export * from './artifact.ts';
export * from './champion.model.ts';
export { goldenCases } from './golden.replay.ts';
export * from './open.model.ts';
export * from './runtime.errors.ts';
