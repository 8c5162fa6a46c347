export * from './actor.ts';
export * from './api.key.ts';
export * from './columns.ts';
export * from './error.ts';
export * from './model.ts';
