export {
  auditSkew,
  backfillRows,
  inferModel,
  ingestDay,
  profileDrift,
  scheduledRun,
  trainModel,
  undoRows,
} from '@haat/workflows';
