export * from './facts.ts';
export * from './packaging.errors.ts';
export * from './packaging.views.ts';
export * from './recommendation.ts';
export * from './rows.parse.ts';
export * from './rows.schema.ts';
export * from './source.ts';
