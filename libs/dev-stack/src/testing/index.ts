export * from './fault.proxy.ts';
export * from './free.port.ts';
export * from './scratch.object-store.ts';
