export * from './model.laws.ts';
export * from './toy.trainer.ts';
