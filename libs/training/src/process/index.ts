export * from './fit.job.ts';
export * from './fit.process.ts';
export * from './process.errors.ts';
export * from './trainer.module.ts';
