export * from './access.matrix.ts';
export * from './subgraph.client.ts';
