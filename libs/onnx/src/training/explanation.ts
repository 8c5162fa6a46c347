import { trainingStepOf, type NetworkDefinition } from './network.ts';
import type { TrainingStep, TrainingStepOptions } from './training.step.ts';
import type { Values } from '../graph/graph.value.ts';
import { formatShape, sizeOf } from '../graph/tensor.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { flopsOf } from '../lowering/flops.ts';
import type { Choice } from '../lowering/form.ts';

/** One operator of a training step, and how it is computed. */
export interface ExplainedOperator {
  readonly operator: string;
  /** Shapes of operands and result: `[32, 3, 64, 64], [32, 3, 3, 3] -> [32, 32, 64, 64]`. */
  readonly shapes: string;
  readonly form: string;
  /** Whether there are faster forms that it might have been given. */
  readonly chosen: boolean;
  /** Why it was not given those that come before. */
  readonly passed: Choice['passed'];
  /** Floating-point operations of what it means. */
  readonly flops: number;
  /** Its part of all flops of the step, in [0, 1]. */
  readonly share: number;
}

export interface ExplainedStep {
  readonly operators: readonly ExplainedOperator[];
  readonly flops: number;
  /** What goes round in all, and what of it a kernel beside the graph writes: tensors and their elements. */
  readonly kept: { readonly tensors: number; readonly elements: number };
  readonly updated: { readonly calls: number; readonly tensors: number; readonly elements: number };
}

/** How a training step is computed with given kernels, operator by operator in the order of the graph. */
export function explainTrainingStep<O extends Values>(
  network: NetworkDefinition<O>,
  optimizer: Optimizer,
  options: TrainingStepOptions,
): ExplainedStep {
  const choices: Choice[] = [];
  const step = trainingStepOf(network, optimizer, { ...options, told: (choice) => choices.push(choice) });
  const counted = choices.map((choice) => ({ choice, flops: flopsOf(choice.application, choice.result) }));
  const flops = counted.reduce((sum, each) => sum + each.flops, 0);
  return {
    operators: counted.map(({ choice, flops: own }) => ({
      operator: choice.application.operator,
      shapes: shapesOf(choice),
      form: choice.form,
      chosen: choice.passed.length > 0 || choice.form !== 'as it is',
      passed: choice.passed,
      flops: own,
      share: own / flops,
    })),
    flops,
    ...sizesOf(step),
  };
}

function shapesOf({ application, result }: Choice): string {
  const operands = application.operands.flatMap((operand) => (operand ? [formatShape(operand.shape)] : []));
  return `${operands.join(', ')} -> ${formatShape(result.shape)}`;
}

function sizesOf({ initial, kernel }: TrainingStep): Pick<ExplainedStep, 'kept' | 'updated'> {
  const calls = kernel?.calls ?? [];
  const tensors = Object.values(initial);
  return {
    kept: { tensors: tensors.length, elements: tensors.reduce((sum, { shape }) => sum + sizeOf(shape), 0) },
    updated: {
      calls: calls.length,
      tensors: calls.reduce((sum, { writes }) => sum + writes.length, 0),
      elements: calls.reduce((sum, { writes, size }) => sum + writes.length * size, 0),
    },
  };
}
