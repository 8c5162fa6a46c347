export * from './temporal.binary.ts';
export * from './temporal.errors.ts';
export * from './temporal.server.ts';
export * from './temporal.version.ts';
