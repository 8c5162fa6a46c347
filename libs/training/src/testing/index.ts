export * from '../statistics/seeded.uniform.ts';
export * from './model.laws.ts';
export * from './network.laws.ts';
export * from './network.trainers.ts';
export * from './sampler.laws.ts';
export * from './toy.trainer.ts';
