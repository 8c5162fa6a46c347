export * from './model.laws.ts';
