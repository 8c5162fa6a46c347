export * from './contacts/contact.index.ts';
export * from './exact/enumerate.ts';
export * from './published.parameters.ts';
export * from './published/published.update.ts';
export * from './sample.transmission.ts';
export * from './sampler/index.ts';
export * from './transmission.model.ts';
