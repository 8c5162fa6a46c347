export * from './infer.risk.ts';
export * from './transmission.chain.ts';
export * from './transmission.day.ts';
export * from './transmission.pool.ts';
export * from './transmission.state.ts';
