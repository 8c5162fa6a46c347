export * from './access.matrix.ts';
export * from './access.verdicts.ts';
export * from './subgraph.client.ts';
