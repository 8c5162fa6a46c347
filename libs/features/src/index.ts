export * from './distinct.rows.ts';
export * from './feature.view.ts';
export * from './vocabulary.ts';
export * from './view.facts.ts';
