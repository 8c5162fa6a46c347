export { backfillRows, scheduledRun, trainModel, undoRows } from '@haat/workflows';
