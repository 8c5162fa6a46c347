export * from './distinct.rows.ts';
export * from './vocabulary.ts';
