export * from './file.source.ts';
export * from './known.products.ts';
export * from './migrations/index.ts';
export { packagingEntities } from './packaging.entities.ts';
export * from './packaging.export.ts';
export * from './packaging.import.ts';
export * from './packaging.store.ts';
export * from './packaging.tables.ts';
export * from './recommendation.store.ts';
