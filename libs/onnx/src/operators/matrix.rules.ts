import type { Value } from '../graph/graph.value.ts';
import { formatShape, type Dimension, type Shape } from '../graph/tensor.ts';
import { equationOf } from './einsum.equation.ts';
import type { OperatorRule, Rules } from './operator.rule.ts';
import { broadcast, broadcastTo, dtypeOf, rankOf, sameDimension } from './shape.algebra.ts';

const reals = ['float32', 'float64'] as const;
const numbers = [...reals, 'int32', 'int64'] as const;

const matMul: OperatorRule<'MatMul'> = {
  domain: '',
  operands: ['A', 'B'],
  dtypes: numbers,
  attributes: {},
  infer: ([a, b], _, refuse) => {
    dtypeOf(b, 'B', [a.dtype], refuse);
    for (const [of, { shape }] of Object.entries({ A: a, B: b })) {
      if (shape.length === 0) throw refuse({ of, expected: 'at least 1 axis', got: formatShape(shape) });
    }
    const inner = Math.max(0, b.shape.length - 2);
    sameDimension(a.shape.at(-1)!, b.shape[inner]!, { of: 'B', axis: inner }, refuse);
    const stacks = [a, b].map(({ shape }, i) => ({ of: i === 0 ? 'A' : 'B', shape: shape.slice(0, -2) }));
    const rows: Shape = a.shape.length > 1 ? [a.shape.at(-2)!] : [];
    const columns: Shape = b.shape.length > 1 ? [b.shape.at(-1)!] : [];
    return { dtype: a.dtype, shape: [...broadcast(stacks, refuse), ...rows, ...columns] };
  },
};

const gemm: OperatorRule<'Gemm'> = {
  domain: '',
  operands: ['A', 'B', 'C'],
  dtypes: reals,
  attributes: { alpha: 'float', beta: 'float', transA: 'flag', transB: 'flag' },
  infer: ([a, b, c], { transA = false, transB = false }, refuse) => {
    const matrix = (of: string, value: Value) => {
      dtypeOf(value, of, [a.dtype], refuse);
      rankOf({ of, shape: value.shape }, 2, refuse);
    };
    matrix('A', a);
    matrix('B', b);
    const [rows, inner] = [Number(transA), 1 - Number(transA)];
    const [height, columns] = [Number(transB), 1 - Number(transB)];
    sameDimension(a.shape[inner]!, b.shape[height]!, { of: 'B', axis: height }, refuse);
    const shape = [a.shape[rows]!, b.shape[columns]!];
    if (c !== undefined) {
      dtypeOf(c, 'C', [a.dtype], refuse);
      broadcastTo(shape, { of: 'C', shape: c.shape }, refuse);
    }
    return { dtype: a.dtype, shape };
  },
};

const einsum: OperatorRule<'Einsum'> = {
  domain: '',
  operands: ['data'],
  dtypes: reals,
  attributes: { equation: 'string' },
  infer: (operands, { equation }, refuse) => {
    const { terms, result } = equationOf(equation, operands.length, refuse);
    const sizes = new Map<string, Dimension>();
    operands.forEach((operand, i) => {
      const of = `data[${i}]`;
      dtypeOf(operand, of, [operands[0].dtype], refuse);
      rankOf({ of, shape: operand.shape }, terms[i]!.length, refuse);
      [...terms[i]!].forEach((letter, axis) => {
        const size = operand.shape[axis]!;
        sameDimension(sizes.get(letter) ?? size, size, { of, axis }, refuse);
        sizes.set(letter, size);
      });
    });
    return { dtype: operands[0].dtype, shape: [...result].map((letter) => sizes.get(letter)!) };
  },
};

/** Sums of products. */
export const matrixRules: Rules<'MatMul' | 'Gemm' | 'Einsum'> = { MatMul: matMul, Gemm: gemm, Einsum: einsum };
