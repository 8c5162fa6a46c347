export { auditSkew, backfillRows, inferModel, profileDrift, scheduledRun, trainModel, undoRows } from '@haat/workflows';
