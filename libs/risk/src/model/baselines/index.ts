export * from './contact.counting.ts';
export * from './mean.field.ts';
export * from './random.score.ts';
