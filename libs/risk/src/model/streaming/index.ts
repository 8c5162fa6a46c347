export * from './folded.days.ts';
export * from './moved.trajectories.ts';
