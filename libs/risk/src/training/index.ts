export * from './transmission.trainer.ts';
