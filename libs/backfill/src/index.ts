export * from './answers.backfill.ts';
export * from './backfill.errors.ts';
export * from './backfill.table.ts';
export * from './backfill.target.ts';
export * from './undoable.run.ts';
