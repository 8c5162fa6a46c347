export * from './transmission.opening.ts';
export * from './transmission.inputs.ts';
