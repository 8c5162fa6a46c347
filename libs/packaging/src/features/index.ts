export * from './damage.features.ts';
