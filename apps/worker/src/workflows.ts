export {
  auditSkew,
  backfillRows,
  inferModel,
  profileDrift,
  scheduledRun,
  simulatePolicy,
  trainModel,
  undoRows,
} from '@haat/workflows';
