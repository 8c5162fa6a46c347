export * from './circles.ts';
export * from './onward.infections.ts';
export * from './test.allocation.ts';
export * from './trajectory.samples.ts';
