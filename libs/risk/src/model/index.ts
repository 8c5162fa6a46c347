export * from './exact/enumerate.ts';
export * from './transmission.model.ts';
