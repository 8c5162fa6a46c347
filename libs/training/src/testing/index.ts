export * from '../statistics/seeded.uniform.ts';
export * from './model.laws.ts';
export * from './network.laws.ts';
export * from './line.trainer.ts';
export { encodePictures, shapesModel, type Picture } from './shapes.model.ts';
export * from './shapes.trainer.ts';
export * from './sampler.laws.ts';
export * from './toy.trainer.ts';
