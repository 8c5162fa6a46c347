export * from './infer.risk.ts';
