export * from './access.log.ts';
export * from './facts.file.ts';
export * from './file.facts.ts';
export * from './inference.store.ts';
export * from './migrations/index.ts';
export * from './risk.import.ts';
export * from './risk.store.ts';
export * from './risk.tables.ts';
