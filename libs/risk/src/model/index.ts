export * from './exact/enumerate.ts';
