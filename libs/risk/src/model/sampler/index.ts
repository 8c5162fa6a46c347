export * from './chain.run.ts';
export * from './chain.state.ts';
export * from './chain.ts';
export * from './population.ts';
export * from './posterior.ts';
export * from './trajectories.ts';
