export * from './artifact.file.ts';
export * from './artifact.ts';
export * from './champion.model.ts';
export { goldenCases } from './golden.replay.ts';
export * from './open.model.ts';
export * from './pinned.models.ts';
export * from './runtime.errors.ts';
