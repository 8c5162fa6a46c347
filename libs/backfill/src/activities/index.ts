export * from './backfill.activities.ts';
export * from './backfill.world.ts';
export * from './schedule.activities.ts';
