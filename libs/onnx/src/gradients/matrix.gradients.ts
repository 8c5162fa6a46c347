import { apply } from '../graph/graph.builder.ts';
import type { Value } from '../graph/graph.value.ts';
import { refusalOf } from '../graph/refusal.ts';
import { mul } from '../functions/arithmetic.ts';
import { expand, reshape, squeeze, unsqueeze } from '../functions/layout.ts';
import { einsum, matmul, transposed } from '../functions/matrix.ts';
import { product } from '../operators/dimension.algebra.ts';
import { equationOf } from '../operators/einsum.equation.ts';
import type { Applied, GradientRules } from './gradient.rule.ts';

export const matrixGradients: GradientRules<'MatMul' | 'Gemm' | 'Einsum'> = {
  MatMul: [matMulLeft, matMulRight],
  Gemm: [
    (dy, { operands: [, b], attributes: { alpha = 1, transA = false, transB = false } }) =>
      transA
        ? apply('Gemm', [b, dy], { alpha, transA: transB, transB: true })
        : apply('Gemm', [dy, b], { alpha, transB: !transB }),
    (dy, { operands: [a], attributes: { alpha = 1, transA = false, transB = false } }) =>
      transB
        ? apply('Gemm', [dy, a], { alpha, transA: true, transB: transA })
        : apply('Gemm', [a, dy], { alpha, transA: !transA }),
    (dy, { attributes: { beta = 1 } }) => (beta === 1 ? dy : mul(beta, dy)),
  ],
  Einsum: einsumGradient,
};

/** dy with the axes that vectors lent: [..., m, n]. */
function asMatrix(dy: Value, a: Value, b: Value): Value {
  const columns = b.shape.length === 1 ? unsqueeze(dy, -1) : dy;
  return a.shape.length === 1 ? unsqueeze(columns, -2) : columns;
}

/** dy b' */
function matMulLeft(dy: Value, { operands: [a, b] }: Applied<'MatMul'>): Value {
  const dMatrix = asMatrix(dy, a, b);
  const right = b.shape.length === 1 ? unsqueeze(b, 1) : b;
  return matmul(dMatrix, transposed(right));
}

/** a' dy. One matrix that many are multiplied with gets one product over all their rows. */
function matMulRight(dy: Value, { operands: [a, b] }: Applied<'MatMul'>): Value {
  const dMatrix = asMatrix(dy, a, b);
  const left = a.shape.length === 1 ? unsqueeze(a, 0) : a;
  if (b.shape.length === 1) return squeeze(matmul(transposed(left), dMatrix), -1);
  if (b.shape.length > 2 || left.shape.length === 2) return matmul(transposed(left), dMatrix);
  return matmul(transposed(rows(left)), rows(dMatrix));
}

/** [..., m, n] -> [... m, n] */
function rows(x: Value): Value {
  return reshape(x, [product(x.shape.slice(0, -1)), x.shape.at(-1)!]);
}

/** The same equation with dy and the operand in each other's place; letters that only the operand had are stretched. */
function einsumGradient(dy: Value, { operands, attributes: { equation } }: Applied<'Einsum'>, position: number): Value {
  const { terms, result } = equationOf(equation, operands.length, refusalOf('Einsum'));
  const others = operands.toSpliced(position, 1);
  const given = [result, ...terms.toSpliced(position, 1)];
  const own = terms[position]!;
  const reached = [...own].filter((letter) => given.join('').includes(letter)).join('');
  const gradient = einsum(`${given.join()}->${reached}`, dy, ...others);
  const missing = [...own].flatMap((letter, axis) => (reached.includes(letter) ? [] : [axis]));
  if (missing.length === 0) return gradient;
  const operand = operands[position]!;
  return expand(unsqueeze(gradient, ...missing), operand.shape, operand);
}
