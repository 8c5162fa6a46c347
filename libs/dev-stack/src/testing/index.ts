export * from './fault.proxy.ts';
export * from './scratch.object-store.ts';
export * from './scratch.temporal.ts';
