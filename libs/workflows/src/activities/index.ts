export * from './activity.beats.ts';
