export { batchPlan, type BatchOrder, type BatchPlan, type LastBatch } from './batch.plan.ts';
export * from './checkpoints.ts';
export type * from './early.stopping.ts';
export * from './network.artifact.ts';
export * from './network.errors.ts';
export * from './network.fit.ts';
export type { NetworkFit } from './network.plan.ts';
export { RowTables } from './tables/row.tables.ts';
export {
  columnRows,
  type BatchArray,
  type BatchArrays,
  type FillBatch,
  type OpenRows,
  type RowSource,
} from './row.source.ts';
