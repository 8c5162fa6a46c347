export * from './allocation/index.ts';
export * from './baselines/index.ts';
export * from './contacts/contact.index.ts';
export * from './exact/enumerate.ts';
export * from './exact/small.clusters.ts';
export * from './learning/learn.transmission.ts';
export * from './published/published.update.ts';
export * from './sampler/index.ts';
