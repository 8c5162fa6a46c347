export * from './fit.job.ts';
export * from './fit.process.ts';
export * from './process.errors.ts';
export { inScratchFolder, removeAbandonedFolders } from './scratch.folder.ts';
export * from './trainer.module.ts';
