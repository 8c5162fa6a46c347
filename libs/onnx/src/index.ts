export * from './format/model.codec.ts';
export * from './format/model.check.ts';
export * from './format/model.tensors.ts';
export type * from './format/model.proto.ts';
export * from './functions/activation.ts';
export * from './functions/arithmetic.ts';
export * from './functions/convolution.ts';
export { bag, type BagOptions } from './functions/embedding.ts';
export * from './functions/layout.ts';
export * from './functions/matrix.ts';
export * from './functions/reduction.ts';
export { choice, type GradientRule } from './gradients/gradient.rule.ts';
export { gradientRules } from './gradients/gradient.table.ts';
export * from './gradients/reverse.mode.ts';
export * from './graph/graph.builder.ts';
export type * from './graph/graph.value.ts';
export * from './graph/graph.source.ts';
export * from './graph/model.builder.ts';
export * from './graph/tensor.ts';
export * from './onnx.errors.ts';
export type { AttributeKind, OperatorRule } from './operators/operator.rule.ts';
export type * from './operators/convolution.signatures.ts';
export type * from './operators/elementwise.signatures.ts';
export type * from './operators/house.signatures.ts';
export type * from './operators/layout.signatures.ts';
export type * from './operators/lowering.signatures.ts';
export type * from './operators/operator.signatures.ts';
export type * from './operators/reduction.signatures.ts';
export * from './operators/operator.table.ts';
export * from './functions/crf.ts';
export * from './functions/dropout.ts';
export * from './functions/loss.ts';
export * from './functions/metric.ts';
export * from './functions/normalization.ts';
export * from './layers/initial.ts';
export * from './layers/layers.ts';
export * from './layers/table.ts';
export * from './optimizers/adaptive.ts';
export { byParameter, chain, type Optimizer, type Update } from './optimizers/optimizer.ts';
export * from './optimizers/schedules.ts';
export * from './optimizers/sgd.ts';
export * from './optimizers/transforms.ts';
export { fastForms } from './lowering/fast.forms.ts';
export { standardKernels, type Choice, type Form, type Kernels, type Site } from './lowering/form.ts';
export type { Target } from './lowering/lowering.ts';
export * from './training/network.ts';
export type { TableBag, TableReads } from './training/table.cut.ts';
export {
  averagesOf,
  compileEvaluation,
  compileTrainingStep,
  memoryName,
  nextName,
  slopeName,
  stateAfter,
  type BatchGraph,
  type GraphOptions,
  type Objective,
  type TrainedTable,
  type TrainingStep,
  type TrainingStepOptions,
} from './training/training.step.ts';
export { uniformLike, uniformNumbers, seedFor } from './functions/splitmix.ts';
export * from './training/diagnosis.ts';
export type { UpdateCall, UpdateKernel, UpdateSource } from './update/update.kernel.ts';
export * from './training/explanation.ts';
