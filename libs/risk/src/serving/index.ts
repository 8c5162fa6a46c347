export * from './transmission.opening.ts';
