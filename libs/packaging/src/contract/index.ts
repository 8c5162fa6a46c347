export * from './facts.ts';
export * from './packaging.errors.ts';
