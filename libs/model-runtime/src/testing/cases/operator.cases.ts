import type { OperatorName } from '@haat/onnx';
import { convolutionCases } from './convolution.cases.ts';
import { elementwiseCases } from './elementwise.cases.ts';
import { houseCases } from './house.cases.ts';
import { layoutCases } from './layout.cases.ts';
import { loweringCases } from './lowering.cases.ts';
import type { Cases } from './operator.case.ts';
import { reductionCases } from './reduction.cases.ts';

/** For every operator, graphs that exercise each rule of its inference and of its gradient. */
export const operatorCases: Cases<OperatorName> = {
  ...elementwiseCases,
  ...layoutCases,
  ...reductionCases,
  ...convolutionCases,
  ...houseCases,
  ...loweringCases,
};
