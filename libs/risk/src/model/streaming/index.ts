export * from './folded.days.ts';
export * from './take.over.ts';
