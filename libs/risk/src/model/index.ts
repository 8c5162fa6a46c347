export * from './exact/enumerate.ts';
export * from './published.parameters.ts';
export * from './sample.transmission.ts';
export * from './transmission.model.ts';
