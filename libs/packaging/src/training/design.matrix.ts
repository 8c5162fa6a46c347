import { stepLines, type OrderedDesign } from './ordered.design.ts';
import { parameterLayout } from './ordered.objective.ts';

/**
 * The design with all its columns, row-major [rows, columns], in the layout of the parameters: what general solvers need, and what
 * `orderedObjective` never forms.
 */
export function designMatrix(design: OrderedDesign): { matrix: Float64Array; columns: number } {
  const lines = stepLines(design);
  const { size, effect, step, modifiers } = parameterLayout(design, lines.length);
  const matrix = new Float64Array(design.rows * size);
  for (let j = 0; j < design.packages; j++) {
    for (let r = design.start[j]!; r < design.start[j + 1]!; r++) {
      const terms = design.dense.subarray(r * design.width, (r + 1) * design.width);
      const row = matrix.subarray(r * size, (r + 1) * size);
      row.set(terms);
      row[effect + design.category[r]!] = 1;
      const z = lines.map(({ constant, column, slope }) => -(constant + slope * terms[column]!));
      for (let t = 0; t < j; t++) row.set(z, step + t * modifiers);
    }
  }
  return { matrix, columns: size };
}
