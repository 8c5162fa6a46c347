import { convolutionRules } from './convolution.rules.ts';
import { elementwiseRules } from './elementwise.rules.ts';
import { gatherRules } from './gather.rules.ts';
import { houseRules } from './house.rules.ts';
import { layoutRules } from './layout.rules.ts';
import { loweringRules } from './lowering.rules.ts';
import { matrixRules } from './matrix.rules.ts';
import type { Rules } from './operator.rule.ts';
import type { OperatorName } from './operator.signatures.ts';
import { reductionRules } from './reduction.rules.ts';

/** Versions of the standard that graphs are written in, and of the runtime's own operators where a graph has such. */
export const opsets = { '': 21, 'ai.onnx.ml': 3, 'com.microsoft.nchwc': 1 } as const;

/** Every operator with its rule; an operator of the signatures that has none does not compile. */
export const operators: Rules<OperatorName> = {
  ...elementwiseRules,
  ...layoutRules,
  ...gatherRules,
  ...matrixRules,
  ...reductionRules,
  ...convolutionRules,
  ...houseRules,
  ...loweringRules,
};
