export * from './data-access.errors.ts';
export * from './content/content.garbage.ts';
export * from './content/content.holds.ts';
export * from './content/run.checkpoints.ts';
export {
  announcing,
  digestOfFile,
  type ContentStore,
  type ListedContent,
  type StoredContent,
} from './content/content.store.ts';
export * from './content/store.address.ts';
export * from './database/connection.failure.ts';
export * from './database/database.connection.ts';
export * from './database/database.migrations.ts';
export * from './database/database.roles.ts';
export * from './features/view.answers.ts';
export * from './features/view.query.ts';
export * from './features/view.store.ts';
export * from './import/copy.integers.ts';
export * from './import/copy.text.ts';
export * from './import/file.import.ts';
export * from './import/day.files.ts';
export * from './import/folder.files.ts';
export * from './import/folder.import.ts';
export type { ImportTarget } from './import/table.import.ts';
export * from './import/query.export.ts';
export * from './import/view.files.ts';
export * from './import/view.import.ts';
export * from './snapshot/parquet.file.ts';
export * from './table/column.mapping.ts';
export * from './table/source.record.ts';
export * from './table/source.records.ts';
export * from './table/table.definition.ts';
export * from './table/table.reader.ts';
export * from './platform/alias.source.ts';
export * from './platform/approval.log.ts';
export * from './platform/api.key.store.ts';
export * from './platform/audit.trail.ts';
export * from './platform/backfill.access.ts';
export * from './platform/backfill.log.ts';
export * from './platform/backfill.report.ts';
export * from './platform/data.revision.ts';
export * from './platform/domain.access.ts';
export * from './platform/drift.log.ts';
export * from './platform/migrations/index.ts';
export * from './platform/model.lifecycle.ts';
export * from './platform/model.registry.ts';
export * from './platform/platform.records.ts';
export * from './platform/prediction.log.ts';
export * from './platform/run.feed.ts';
export * from './platform/run.log.ts';
export * from './platform/serving.log.ts';
export * from './platform/serving.reporter.ts';
export * from './platform/shadow.log.ts';
export * from './platform/shadow.tally.ts';
export * from './platform/version.comparison.ts';
export * from './retention/retention.ts';
export type { JudgedRecords, RetentionPolicy } from './retention/retention.policy.ts';
