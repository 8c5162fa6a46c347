export * from './actor.ts';
export * from './api.key.ts';
export * from './columns.ts';
export * from './command.line.ts';
export * from './error.ts';
export * from './horizon.ts';
export * from './model.ts';
export * from './replay.ts';
