export * from './base.backup.ts';
export * from './data.placement.ts';
export * from './embedded.postgres.ts';
export { copyFolder } from './folder.copy.ts';
