import type { LoweringSignatures } from '../operators/lowering.signatures.ts';
import type { GradientRules } from './gradient.rule.ts';

const late = 'only lowering applies it, after gradients';

export const loweringGradients: GradientRules<keyof LoweringSignatures> = {
  HardSigmoid: late,
  Resize: late,
  ReorderInput: late,
  ReorderOutput: late,
  BlockedConv: late,
  BlockedMaxPool: late,
  BlockedAveragePool: late,
};
