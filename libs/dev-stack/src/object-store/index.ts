export * from './object-store.binary.ts';
export * from './object-store.server.ts';
