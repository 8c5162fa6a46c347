export * from './actor.ts';
export * from './columns.ts';
export * from './error.ts';
export * from './horizon.ts';
export * from './model.ts';
export * from './replay.ts';
