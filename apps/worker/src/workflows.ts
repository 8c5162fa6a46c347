export { backfillRows, trainModel, undoRows } from '@haat/workflows';
