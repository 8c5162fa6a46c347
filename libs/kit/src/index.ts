export * from './actor.ts';
export * from './columns.ts';
export * from './error.ts';
export * from './model.ts';
