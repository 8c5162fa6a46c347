export * from './access.matrix.ts';
export * from './access.verdicts.ts';
export * from './event.stream.ts';
export * from './hostile.drive.ts';
export { hostileKinds, hostileRequest } from './hostile.requests.ts';
export * from './subgraph.client.ts';
export * from './subgraph.socket.ts';
