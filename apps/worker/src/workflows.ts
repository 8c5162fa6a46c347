export { auditSkew, backfillRows, profileDrift, scheduledRun, trainModel, undoRows } from '@haat/workflows';
