import type { OperatorName } from '../operators/operator.signatures.ts';
import { convolutionGradients } from './convolution.gradients.ts';
import { elementwiseGradients } from './elementwise.gradients.ts';
import type { GradientRules } from './gradient.rule.ts';
import { houseGradients } from './house.gradients.ts';
import { layoutGradients } from './layout.gradients.ts';
import { loweringGradients } from './lowering.gradients.ts';
import { matrixGradients } from './matrix.gradients.ts';
import { reductionGradients } from './reduction.gradients.ts';

/** Every operator with its gradient; an operator or operand that has none does not compile. */
export const gradientRules: GradientRules<OperatorName> = {
  ...elementwiseGradients,
  ...layoutGradients,
  ...matrixGradients,
  ...reductionGradients,
  ...convolutionGradients,
  ...houseGradients,
  ...loweringGradients,
};
