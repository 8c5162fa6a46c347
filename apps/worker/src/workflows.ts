export {
  auditSkew,
  backfillRows,
  inferModel,
  ingestDay,
  profileDrift,
  scheduledRun,
  simulatePolicy,
  trainModel,
  undoRows,
} from '@haat/workflows';
