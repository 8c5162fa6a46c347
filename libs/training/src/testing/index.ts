export * from '../statistics/seeded.uniform.ts';
export * from './model.laws.ts';
export * from './toy.trainer.ts';
